// Overloaded: lambdas as one visitor.
#pragma once

namespace surged {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace surged
