#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace surged {

void assertion_failed(const char* what, const char* file, int line) noexcept {
    std::fprintf(stderr, "<2>event=assertion_failed what=\"%s\" at=%s:%d\n", what, file, line);
    std::abort();
}

}  // namespace surged
