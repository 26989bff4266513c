#include "app/recover.hpp"

#include "base/codec.hpp"

#include <array>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <openssl/evp.h>

namespace surged::app {
namespace {

plan::Rules decode_rules(const JournalView& journal, const std::string& hash) {
    const auto record = journal.rules(hash);
    if (!record) return nullptr;
    auto rules = codec::decode<plan::RuleSet>(record->bytes, record->format);
    return rules ? std::make_shared<const plan::RuleSet>(std::move(*rules)) : nullptr;
}

}  // namespace

Result<Recovered> recover_from(
    const JournalView& journal,
    const std::optional<store::Image>& image,
    std::optional<std::uint64_t> until
) {
    Recovered out;
    const auto rules = [&](const std::string& hash) { return decode_rules(journal, hash); };
    if (image) {
        auto engine = engine::Engine::restore(image->bytes, rules);
        if (engine) {
            out.engine = std::move(*engine);
            out.last_seq = image->seq;
            out.last_instant = image->instant;
        } else {  // the inputs themselves may lead as far
            out.note = fmt::format("the image at input {}: {}", image->seq, engine.error().what);
        }
    }
    std::string& fault = out.lost;
    const auto visited = journal.inputs_after(out.last_seq, [&](const store::InputRecord& record) {
        if (until && record.seq > *until) return false;
        auto input = codec::decode<engine::Input>(record.bytes, record.format);
        if (!input) {
            fault = fmt::format("record {} cannot be read by this version", record.seq);
            return false;
        }
        if (auto* loaded = std::get_if<engine::RulesLoaded>(&input->body)) {
            loaded->rules = rules(loaded->hash);
            if (loaded->rules == nullptr) {
                fault = fmt::format("the rules of record {} are not in the store", record.seq);
                return false;
            }
        }
        if (journal.before_step) journal.before_step(record.seq);
        (void)out.engine.step(*input);
        out.last_seq = record.seq;
        out.last_instant = record.instant;
        ++out.replayed;
        return true;
    });
    if (!visited) return tl::make_unexpected(visited.error());
    out.effect_hash = out.engine.effect_hash();
    return out;
}

Result<Recovered> recover(
    const JournalView& journal, bool from_start, std::optional<std::uint64_t> until
) {
    if (from_start) return recover_from(journal, std::nullopt, until);
    auto image = journal.newest_image();
    if (!image) return tl::make_unexpected(image.error());
    return recover_from(journal, *image, until);
}

std::string state_hash(const engine::Engine& engine) {
    const std::string bytes = engine.snapshot();
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
    return hex;
}

}  // namespace surged::app
