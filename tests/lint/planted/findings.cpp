// Findings, planted: script/lint fails if a batch with this file does not show the first two, or
// shows the third, which tests/.clang-tidy allows. Not part of any program.
#include <string>
#include <utility>
#include <vector>

namespace surged::lint {

std::size_t planted(std::string text, int most) {
    const std::string taken = std::move(text);
    const std::size_t WrongCase = text.size();
    std::vector<int> grown;
    for (int i = 0; i < most; ++i) grown.push_back(i);
    return taken.size() + WrongCase + grown.size();
}

}  // namespace surged::lint
