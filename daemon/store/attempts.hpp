// Which input was being replayed when the process died: the memory that keeps one poisonous input
// from becoming an endless loop of restarts.
//
// A process that aborts loses nothing it has written to a file, so the mark is a small file without
// fsync: about a microsecond for each input.
#pragma once

#include "base/error.hpp"
#include "store/options.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace surged::store {

inline constexpr unsigned attempts_max = 3;

class RecoveryAttempts {
public:
    /// Before the first input is replayed. If the last recovery died in the middle of an input,
    /// that counts against it now. An unreadable mark counts as none.
    [[nodiscard]] static Result<RecoveryAttempts> open(const Options& options);
    RecoveryAttempts(RecoveryAttempts&& other) noexcept
        : fd_{std::exchange(other.fd_, -1)}, mark_{other.mark_} {}
    RecoveryAttempts& operator=(RecoveryAttempts&&) = delete;
    RecoveryAttempts(const RecoveryAttempts&) = delete;
    RecoveryAttempts& operator=(const RecoveryAttempts&) = delete;
    ~RecoveryAttempts();

    /// The input that recovery died in, and how often in a row; {0, 0}: none.
    [[nodiscard]] std::pair<std::uint64_t, unsigned> suspect() const;
    /// The suspect has had its attempts_max: quarantine() it, then recover.
    [[nodiscard]] bool must_quarantine() const;

    /// Marks that input `seq` is about to be stepped.
    void begin(std::uint64_t seq);
    /// Recovery came to its end (or the suspect is quarantined): nothing is held against any input.
    void clear();

private:
    struct Mark {
        std::uint64_t current{0};  // being stepped; 0: none
        std::uint64_t suspect{0};  // was being stepped when the process died …
        std::uint64_t times{0};    // … this often in a row
    };
    RecoveryAttempts(int fd, Mark mark) : fd_{fd}, mark_{mark} {}
    void write() const;
    int fd_;
    Mark mark_;
};

/// Puts an input where no replay hands it out again. It stays in the journal for examination.
[[nodiscard]] Result<void> quarantine(
    const Options& options, std::uint64_t seq, const std::string& why
);

}  // namespace surged::store
