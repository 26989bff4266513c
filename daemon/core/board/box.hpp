// Box: an object on the heap with value semantics, so that what holds one can be copied.
#pragma once

#include <memory>
#include <utility>

namespace surged::board {

/// May be empty. A const Box still gives a T that can be changed: windows roll while they are read.
template <class T>
class Box {
public:
    Box() = default;
    explicit Box(T value) : at_{std::make_unique<T>(std::move(value))} {}
    Box(const Box& other) : at_{other.at_ ? std::make_unique<T>(*other.at_) : nullptr} {}
    Box(Box&&) noexcept = default;
    Box& operator=(Box other) noexcept {
        at_ = std::move(other.at_);
        return *this;
    }
    ~Box() = default;
    [[nodiscard]] T& operator*() const { return *at_; }
    T* operator->() const { return at_.get(); }
    explicit operator bool() const { return at_ != nullptr; }

private:
    std::unique_ptr<T> at_;
};

}  // namespace surged::board
