#include "io/api/ndjson.hpp"

#include "io/api/event_fields.hpp"
#include "io/simdjson.hpp"

#include <cstring>
#include <fmt/format.h>
#include <optional>
#include <utility>

namespace surged::io::api {
namespace {

namespace od = simdjson::ondemand;
using acd::Event;

constexpr int depth_max = 32;

Fault json_fault(simdjson::error_code error) {
    if (error == simdjson::UTF8_ERROR) return {BadLine::encoding, "not UTF-8"};
    return {BadLine::json, fmt::format("not one JSON object ({})", simdjson::error_message(error))};
}

// Reads a value nobody wants, to the end, so that the line is known to be JSON.
simdjson::error_code walk(od::value value, int depth) {
    if (depth > depth_max) return simdjson::DEPTH_ERROR;
    od::json_type type{};
    if (const auto error = value.type().get(type)) return error;
    switch (type) {
        case od::json_type::object: {
            od::object object;
            if (const auto error = value.get_object().get(object)) return error;
            for (auto field : object) {
                std::string_view key;
                if (const auto error = field.unescaped_key().get(key)) return error;
                od::value inner;
                if (const auto error = field.value().get(inner)) return error;
                if (const auto error = walk(inner, depth + 1)) return error;
            }
            return simdjson::SUCCESS;
        }
        case od::json_type::array: {
            od::array array;
            if (const auto error = value.get_array().get(array)) return error;
            for (auto item : array) {
                od::value inner;
                if (const auto error = item.get(inner)) return error;
                if (const auto error = walk(inner, depth + 1)) return error;
            }
            return simdjson::SUCCESS;
        }
        case od::json_type::string:
            return value.get_string().error();
        case od::json_type::number:
            return value.get_double().error();
        case od::json_type::boolean:
            return value.get_bool().error();
        case od::json_type::null: {
            bool null = false;
            if (const auto error = value.is_null().get(null)) return error;
            return null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
        }
    }
    return simdjson::TAPE_ERROR;
}

simdjson::error_code read_queues(Draft& draft, od::value value) {
    od::array array;
    if (const auto error = value.get_array().get(array)) return error;
    for (auto item : array) {
        od::value inner;
        if (const auto error = item.get(inner)) return error;
        od::json_type type{};
        if (const auto error = inner.type().get(type)) return error;
        if (type != od::json_type::string) {
            draft.wrong_type |= bit(k_queues);
            if (const auto error = walk(inner, 1)) return error;
            continue;
        }
        std::string_view queue;
        if (const auto error = inner.get_string().get(queue)) return error;
        put_queue(draft, queue);
    }
    return simdjson::SUCCESS;
}

bool is_of_kind(od::json_type type, Kind kind) {
    switch (kind) {
        case Kind::list:
            return type == od::json_type::array;
        case Kind::number:
            return type == od::json_type::number;
        case Kind::text:
            return type == od::json_type::string;
    }
    return false;
}

simdjson::error_code read_value(Draft& draft, Key key, od::value value) {
    if (key == k_source) return walk(value, 1);  // the token says who it is
    if (key == k_queues) return read_queues(draft, value);
    if (kind_of(key) == Kind::number) {
        double number = 0;
        if (const auto error = value.get_double().get(number)) return error;
        put_number(draft, key, number);
        return simdjson::SUCCESS;
    }
    std::string_view text;
    if (const auto error = value.get_string().get(text)) return error;
    put_text(draft, key, text);
    return simdjson::SUCCESS;
}

Outcome read_field(Draft& draft, od::field field) {
    auto key = key_before_quote(field.key().raw());  // simdjson's padding lies behind the text
    if (!key) {                                      // unknown, or written with escapes
        std::string_view name;
        if (const auto error = field.unescaped_key().get(name)) return json_fault(error);
        key = key_of(name);
    }
    od::value value = field.value();
    if (!key) {
        ++draft.unknown;
        if (const auto error = walk(value, 1)) return json_fault(error);
        return std::nullopt;
    }
    if ((draft.seen & bit(*key)) != 0) {
        return Fault{BadLine::json, fmt::format("{} is given twice", key_names[*key])};
    }
    od::json_type type{};
    if (const auto error = value.type().get(type)) return json_fault(error);
    if (is_of_kind(type, kind_of(*key))) {
        draft.seen |= bit(*key);
        if (const auto error = read_value(draft, *key, value)) return json_fault(error);
        return std::nullopt;
    }
    if (type != od::json_type::null) {
        draft.seen |= bit(*key);
        draft.wrong_type |= bit(*key);
    }
    if (const auto error = walk(value, 1)) return json_fault(error);
    return std::nullopt;
}

// True if no text in it can have a control character: JSON has them as escapes only, but for DEL.
bool is_printable(std::string_view json) {
    return json.find('\\') == std::string_view::npos && json.find('\x7f') == std::string_view::npos;
}

// What the parser needs, as large as the longest line was: kept from line to line and, as most
// bodies of a webhook are one line, from body to body.
struct Memory {
    od::parser parser;
    std::string padded;
};

class Reader {
public:
    /// `each` empty: events are gathered. `printable`: all lines are.
    Reader(Memory& memory, const NdjsonOptions& options, const EachEvent& each, bool printable)
        : memory_{memory}, options_{options}, each_{each}, printable_{printable} {}

    // `room`: bytes that may be read after the line's own.
    void line(std::string_view text, std::size_t room, std::size_t number) {
        if (text.size() > options_.line_bytes_max) {
            reject(
                number,
                {BadLine::too_long, fmt::format("longer than {} bytes", options_.line_bytes_max)}
            );
            return;
        }
        if (text.find_first_not_of(" \t\r") == std::string_view::npos) return;
        if (room < simdjson::SIMDJSON_PADDING) {
            std::string& padded = memory_.padded;
            padded.assign(text);
            padded.append(simdjson::SIMDJSON_PADDING, ' ');
            text = std::string_view{padded}.substr(0, text.size());
        }
        if (auto fault = read(text)) {
            reject(number, std::move(*fault));
            return;
        }
        out.ignored_fields += draft_.unknown;
        if (each_) return each_(draft_.event, number);
        out.batch.append(draft_.event);
        out.lines.push_back(static_cast<std::uint32_t>(number));
    }

    Ndjson out;

private:
    void reject(std::size_t number, Fault fault) {
        ++out.rejected[static_cast<std::size_t>(fault.reason)];
        ++out.rejected_total;
        const bool first = out.rejected[static_cast<std::size_t>(fault.reason)] == 1;
        if (first || out.rejects.size() < options_.rejects_kept) {
            out.rejects.push_back({number, fault.reason, std::move(fault.words)});
        }
    }

    Outcome read(std::string_view text) {
        renew(draft_);
        draft_.printable = printable_ || is_printable(text);
        od::document document;
        const auto capacity = text.size() + simdjson::SIMDJSON_PADDING;
        auto begun = memory_.parser.iterate(text.data(), text.size(), capacity);
        if (const auto error = std::move(begun).get(document)) return json_fault(error);
        od::object object;
        if (const auto error = document.get_object().get(object)) return json_fault(error);
        for (auto item : object) {
            od::field field;
            if (const auto error = std::move(item).get(field)) return json_fault(error);
            if (auto fault = read_field(draft_, field)) return fault;
        }
        // Nothing may follow: at the end there is no location any more.
        if (!document.current_location().error()) return json_fault(simdjson::TRAILING_CONTENT);
        if (auto fault = finish(draft_, options_.site)) return fault;
        hide_caller();
        return std::nullopt;
    }

    void hide_caller() {
        Event& event = draft_.event;
        if (event.caller.empty()) return;
        caller_.clear();
        if (options_.caller) caller_ = options_.caller(event.queue, event.caller);
        event.caller = caller_;
    }

    Memory& memory_;
    const NdjsonOptions& options_;
    const EachEvent& each_;
    bool printable_;
    Draft draft_;
    std::string caller_;
};

}  // namespace

std::string_view name_of(BadLine reason) {
    constexpr std::array<std::string_view, bad_lines> names{
        "json",
        "encoding",
        "too_long",
        "unknown_type",
        "missing_field",
        "wrong_type",
        "out_of_range",
        "unknown_word",
        "other_site"
    };
    return names[static_cast<std::size_t>(reason)];
}

Ndjson parse_ndjson(std::string_view body, const NdjsonOptions& options) {
    return read_ndjson(body, options, {});
}

Ndjson read_ndjson(std::string_view body, const NdjsonOptions& options, const EachEvent& each) {
    constexpr std::string_view mark = "\xef\xbb\xbf";  // of byte order: some editors begin with it
    if (body.starts_with(mark)) body.remove_prefix(mark.size());
    thread_local Memory memory;
    Reader reader{memory, options, each, is_printable(body)};
    std::size_t number = 0;
    while (!body.empty()) {
        ++number;
        const auto* end = static_cast<const char*>(std::memchr(body.data(), '\n', body.size()));
        const std::size_t size =
            end == nullptr ? body.size() : static_cast<std::size_t>(end - body.data());
        reader.line(body.substr(0, size), body.size() - size, number);
        body.remove_prefix(end == nullptr ? size : size + 1);
    }
    reader.out.read = number;
    return std::move(reader.out);
}

}  // namespace surged::io::api
