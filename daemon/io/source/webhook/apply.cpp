#include "io/source/webhook/apply.hpp"

#include "io/api/event_fields.hpp"
#include "io/crypto.hpp"
#include "io/source/webhook/times.hpp"

#include <deque>
#include <fmt/format.h>
#include <optional>
#include <utility>

namespace surged::io::hook {
namespace json = boost::json;
using api::Draft;
using api::Key;
namespace {

constexpr std::size_t items_max = 10'000;
constexpr std::size_t shown_max = 40;
constexpr std::size_t id_max = 200;  // leaves room for the number of the event

/// What became of a field: a word, nothing, or a word that the table lacks.
struct Word {
    std::optional<std::string> text;
    std::optional<std::string> untranslated;
};

Word translate(const DocumentValue& value, std::optional<std::string> raw) {
    if (raw && !value.after_last.empty()) {
        const std::size_t at = raw->rfind(value.after_last);
        if (at != std::string::npos) raw->erase(0, at + value.after_last.size());
    }
    if (raw && !value.table.empty()) {
        const auto entry = value.table.find(*raw);
        if (entry == value.table.end() && !value.fallback) return {std::nullopt, std::move(raw)};
        raw = entry == value.table.end() ? *value.fallback : entry->second;
    }
    if (!raw) raw = value.fallback;
    if (raw && !value.prefix.empty()) raw->insert(0, value.prefix);
    return {std::move(raw), std::nullopt};
}

bool is_time(Key key) { return key == api::k_ts || key == api::k_due; }
bool is_span(Key key) { return key == api::k_wait || key == api::k_talk || key == api::k_wrap; }

std::string cut(std::string_view text) {
    return std::string{text.substr(0, shown_max)} + (text.size() > shown_max ? "…" : "");
}

class Applier {
public:
    Applier(const MapContext& context, Payload& payload) : context_{context}, payload_{payload} {}

    Mapped run() {
        out_.id = delivery_id(context_, payload_);
        const json::value* list = &payload_.body();
        if (context_.map.each) list = payload_.find(*context_.map.each);
        if (list != nullptr && list->is_array()) {
            for (const json::value& item : list->get_array()) {
                if (out_.items == items_max) break;
                payload_.go_to(item);
                document();
            }
        } else if (!context_.map.each) {
            document();
        } else {  // there is no such list
            out_.items = out_.unmatched = 1;
        }
        return std::move(out_);
    }

private:
    void document() {
        ++out_.items;
        bool applied = false;
        for (const DocumentRule& rule : context_.map.rules)
            if (payload_.holds(rule) && event(rule)) applied = true;
        if (!applied) ++out_.unmatched;
    }

    /// False if the rule turned out not to apply: its type is not in the table.
    bool event(const DocumentRule& rule) {
        Draft draft;
        texts_.clear();
        for (const auto& [name, value] : rule.fields) {
            const auto key = api::key_of(name);
            if (!key) continue;
            if (*key == api::k_queues) {
                queues(draft, value);
                continue;
            }
            Word word = read(value);
            if (*key == api::k_type && !word.text) return false;
            if (word.untranslated)
                return reject(
                    api::BadLine::unknown_word,
                    fmt::format("{} {} is not in its table", name, cut(*word.untranslated))
                );
            if (word.text) put(draft, *key, value, std::move(*word.text));
        }
        complete(draft);
        if (auto fault = api::finish(draft, context_.site))
            return reject(fault->reason, std::move(fault->words));
        out_.batch.append(draft.event);
        out_.events.push_back(++number_);
        return true;
    }

    Word read(const DocumentValue& value) {
        std::optional<std::string> raw = value.constant;
        if (!raw) {
            const json::value* const found = payload_.find(value.at);
            if (found != nullptr) raw = word_of(*found);
        }
        return translate(value, std::move(raw));
    }

    void put(Draft& draft, Key key, const DocumentValue& value, std::string word) {
        draft.seen |= api::bit(key);
        if (api::kind_of(key) == api::Kind::text) {
            if (key == api::k_queue) word = renamed(std::move(word));
            api::put_text(draft, key, keep(std::move(word)));
            return;
        }
        auto number = is_time(key) ? parse_time(word, value.time, value.zone) : parse_number(word);
        if (number && is_span(key)) number = *number * static_cast<double>(value.unit_us) / 1e6;
        if (number)
            api::put_number(draft, key, *number);
        else if (is_time(key))
            draft.out_of_range |= api::bit(key);
        else
            draft.wrong_type |= api::bit(key);
    }

    void queues(Draft& draft, const DocumentValue& value) {
        const auto take = [&](std::optional<std::string> raw) {
            Word word = translate(value, std::move(raw));
            if (word.text) api::put_queue(draft, keep(renamed(std::move(*word.text))));
        };
        const json::value* const found = value.constant ? nullptr : payload_.find(value.at);
        if (found == nullptr) {
            take(value.constant);
        } else if (found->is_array()) {
            for (const json::value& item : found->get_array()) {
                const json::value* const at = payload_.walk(item, value.item);
                if (at != nullptr) take(word_of(*at));
            }
        } else {
            take(word_of(*found));
        }
        if (!draft.event.queues.empty()) draft.seen |= api::bit(api::k_queues);
    }

    /// What the payload did not say and the source does.
    void complete(Draft& draft) {
        const auto has = [&](Key key) { return (draft.seen & api::bit(key)) != 0; };
        if (!has(api::k_ts)) {
            draft.seen |= api::bit(api::k_ts);
            draft.event.ts = context_.now;
        }
        const bool agent = draft.type == "agent_state";
        if (agent && !has(api::k_queues)) {
            for (const std::string& queue : context_.naming.agent_queues)
                api::put_queue(draft, queue);
            if (!draft.event.queues.empty()) draft.seen |= api::bit(api::k_queues);
        }
        if (!agent && !has(api::k_queue) && !context_.naming.queue.empty()) {
            draft.seen |= api::bit(api::k_queue);
            api::put_text(draft, api::k_queue, context_.naming.queue);
        }
        if (!has(api::k_id) && !out_.id.empty()) {
            const std::size_t number = number_ + 1;
            const std::string own = number == 1 ? out_.id : fmt::format("{}/{}", out_.id, number);
            draft.seen |= api::bit(api::k_id);
            api::put_text(draft, api::k_id, keep(own));
        }
        if (!draft.event.caller.empty()) {
            std::string hidden;
            if (context_.caller) hidden = context_.caller(draft.event.caller, draft.event.queue);
            draft.event.caller = keep(std::move(hidden));
        }
    }

    bool reject(api::BadLine reason, std::string words) {
        out_.rejects.push_back({++number_, reason, std::move(words)});
        return true;
    }

    [[nodiscard]] std::string renamed(std::string theirs) const {
        const auto ours = context_.naming.queue_names.find(theirs);
        if (ours == context_.naming.queue_names.end()) return theirs;
        return ours->second;
    }

    std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

    const MapContext& context_;
    Payload& payload_;
    Mapped out_;
    std::deque<std::string> texts_;  // what the draft points into
    std::size_t number_{0};          // events begun
};

}  // namespace

std::string delivery_id(const MapContext& context, Payload& payload) {
    const json::value* const found = payload.find(context.map.id);
    std::string id = context.delivery;
    if (found != nullptr) id = word_of(*found).value_or(std::move(id));
    return id.size() <= id_max ? id : crypto::sha256_hex(id);
}

Mapped apply_map(const MapContext& context, Payload& payload) {
    return Applier{context, payload}.run();
}

}  // namespace surged::io::hook
