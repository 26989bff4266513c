#include "io/runtime/wall_clock.hpp"

namespace surged::io {

Wall wall_now() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return Wall{std::chrono::duration_cast<Micros>(since_epoch).count()};
}

Steady steady_now() { return std::chrono::steady_clock::now(); }

}  // namespace surged::io
