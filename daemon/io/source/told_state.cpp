#include "io/source/told_state.hpp"

#include "io/runtime/wall_clock.hpp"

#include <utility>

namespace surged::io {

ToldState::ToldState(std::string words) : words_{std::move(words)}, since_{wall_now()} {}

bool ToldState::is_news(bool up, std::string words) {
    if (up == up_ && words == words_) return false;
    if (up != up_) since_ = wall_now();
    up_ = up;
    words_ = std::move(words);
    return true;
}

}  // namespace surged::io
