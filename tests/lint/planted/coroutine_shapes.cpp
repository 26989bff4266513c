// Shapes that g++ 12 miscompiles, planted: script/lint fails if its gate does not find all five.
// Not part of any program.
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>

namespace surged::lint {

using boost::asio::awaitable;
struct Pair {
    std::string a, b;
};
awaitable<int> take(Pair pair);
awaitable<int> call(std::function<void()> f);
awaitable<int> all(std::initializer_list<std::string> list);
awaitable<std::string> name();

awaitable<void> planted(bool flag, std::shared_ptr<int> shared) {
    co_await take(Pair{"a", "b"});
    co_await call([shared] { *shared = 1; });
    const std::string either = flag ? co_await name() : std::string{"none"};
    co_await all({"x", "y"});
    const Pair braced{"a", co_await name()};
}

}  // namespace surged::lint
