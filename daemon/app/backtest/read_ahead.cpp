#include "app/backtest/read_ahead.hpp"

#include <future>
#include <utility>

namespace surged::app::backtest {

Status read_ahead(History& history, const std::function<void(engine::Input&&)>& take) {
    auto inputs = history.next();
    while (inputs && !inputs->empty()) {
        auto ahead = std::async(std::launch::async, [&history] { return history.next(); });
        for (engine::Input& input : *inputs) take(std::move(input));
        inputs = ahead.get();
    }
    if (!inputs) return tl::make_unexpected(inputs.error());
    return {};
}

}  // namespace surged::app::backtest
