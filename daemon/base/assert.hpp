// SURGED_ASSERT: a programmer error ends the process, in release builds too; restart recovers.
#pragma once

namespace surged {

[[noreturn]] void assertion_failed(const char* what, const char* file, int line) noexcept;

}  // namespace surged

#define SURGED_ASSERT(condition)        \
    ((condition) ? static_cast<void>(0) \
                 : ::surged::assertion_failed(#condition, __FILE__, __LINE__))
