// A recording replayed in virtual time through the decoder into the call floor.
#pragma once

#include "core/acd/floor.hpp"
#include "io/source/ami/decode.hpp"
#include "support/ami_recording.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace surged::test {

/// The gauges of one queue, as Asterisk's QueueSummary counts them.
struct QueueGauges {
    std::int64_t waiting{0};  // without those who have left and wait for a last word
    std::int64_t staffed{0};
    std::int64_t available{0};  // and in wrap-up, of which Asterisk knows nothing
    std::int64_t oldest_us{0};  // when the longest waiting came; 0: nobody waits
    bool operator==(const QueueGauges&) const = default;
};

/// The gauges of all queues from `from` on.
struct Sample {
    Wall from;
    std::map<std::string, QueueGauges> queues;
};

/// Feeds connections' bytes to a floor, frame by frame at their recorded instants.
class VirtualReplay {
public:
    /// `snapshot_id`: the QueueStatus that is ours; nothing before its answer is fed if `late`.
    /// Empty: none.
    VirtualReplay(const plan::RuleSet& rules, std::string snapshot_id, bool late);
    /// Several connections to one Asterisk are one feed: one may have asked, another listened.
    void run(const std::vector<const Recording*>& connections);
    void run(const Recording& recording) { run({&recording}); }
    /// Lets `span` pass, so that everything settles.
    void wait(Micros span);

    [[nodiscard]] const board::View& view() const { return floor_.view(); }
    [[nodiscard]] acd::Floor& floor() { return floor_; }
    [[nodiscard]] const std::vector<Sample>& samples() const { return samples_; }
    /// Rejects of the floor, by reason.
    [[nodiscard]] std::uint64_t rejected(acd::Reject reason) const;
    [[nodiscard]] const std::map<std::string, std::size_t>& bad() const { return bad_; }
    [[nodiscard]] bool exits_known() const { return decoder_.exits_known(); }
    /// When the snapshot had come in full.
    [[nodiscard]] Wall snapshot_done() const { return snapshot_done_; }

private:
    void advance(Instant to);
    void sample();
    void feed(const io::ami::Frame& frame, Wall at);

    acd::Floor floor_;
    io::ami::Decoder decoder_{nullptr};
    bool started_;
    bool exits_told_{false};
    Wall now_, snapshot_done_;
    std::vector<Sample> samples_;
    std::map<std::string, std::size_t> bad_;
};

/// offered = answered + abandoned + exited + waiting, for every queue.
[[nodiscard]] bool identity_holds(const board::View& view);

/// What the recordings' truth.json says of one queue.
struct TruthRow {
    std::int64_t offered{0}, answered{0}, answered_in_target{0}, abandoned{0},
        abandoned_in_target{0}, exit_timeout{0}, exit_key{0}, withdrawn{0}, completed{0},
        transferred{0}, target_s{0}, max_abandon_wait_s{0}, max_answered_wait_s{0};
    double asa_s{0}, avg_talk_s{0};
};
[[nodiscard]] std::map<std::string, TruthRow> load_truth(std::string_view run);

/// The rules of a site whose queues have the truth's T, or none if `targets` is false.
[[nodiscard]] plan::RuleSet replay_rules(
    const std::map<std::string, TruthRow>& truth, bool targets
);

}  // namespace surged::test
