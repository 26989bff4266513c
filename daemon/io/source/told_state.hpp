// What was told last of a source: said once for as long as it stays the same.
#pragma once

#include "base/time.hpp"

#include <string>

namespace surged::io {

class ToldState {
public:
    /// Down, with these words, since now. Nothing is told yet.
    explicit ToldState(std::string words);
    /// True if this is news, which it then no longer is. `words` tell one state from another: what
    /// changes all the time does not belong into them.
    [[nodiscard]] bool is_news(bool up, std::string words);
    [[nodiscard]] bool up() const { return up_; }
    [[nodiscard]] const std::string& words() const { return words_; }
    /// Of being up or down.
    [[nodiscard]] Wall since() const { return since_; }

private:
    bool up_{false};
    std::string words_;
    Wall since_;
};

}  // namespace surged::io
