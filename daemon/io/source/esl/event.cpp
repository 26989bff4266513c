#include "io/source/esl/event.hpp"

#include "io/simdjson.hpp"
#include "io/source/text.hpp"

#include <algorithm>
#include <optional>

namespace surged::io::esl {
namespace {

struct Name {
    std::string_view text;
    Key key;
};

constexpr std::array<Name, key_count> names{
    {
     {"Event-Name", Key::event_name},
     {"Event-Subclass", Key::subclass},
     {"Event-Date-Timestamp", Key::timestamp},
     {"FreeSWITCH-Version", Key::version},
     {"CC-Action", Key::action},
     {"CC-Queue", Key::queue},
     {"CC-Agent", Key::agent},
     {"CC-Agent-State", Key::agent_state},
     {"CC-Agent-Status", Key::agent_status},
     {"CC-Member-UUID", Key::member},
     {"CC-Member-CID-Number", Key::number},
     {"CC-Cause", Key::cause},
     {"CC-Cancel-Reason", Key::cancel_reason},
     {"CC-Member-Joined-Time", Key::joined},
     {"CC-Agent-Answered-Time", Key::answered},
     {"CC-Bridge-Terminated-Time", Key::terminated},
     {"CC-Member-Leaving-Time", Key::leaving},
     {"CC-Agent-Bridged", Key::bridged},
     {"Hangup-Cause", Key::hangup_cause},
     {"Answer-State", Key::answer_state},
     {"variable_endpoint_disposition", Key::disposition},
     }
};

// Most of the hundred fields are told apart by their first letter.
std::optional<Key> key_of(std::string_view name) {
    constexpr std::string_view first_letters = "ECFHAv";
    if (name.empty() || first_letters.find(name.front()) == std::string_view::npos)
        return std::nullopt;
    for (const Name& known : names)
        if (known.text.size() == name.size() && known.text == name) return known.key;
    return std::nullopt;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

struct Event::Json {
    simdjson::ondemand::parser parser;
    std::string text;  // with room behind it, as the parser wants
};

Event::Event() = default;
Event::~Event() = default;
Event::Event(Event&&) noexcept = default;
Event& Event::operator=(Event&&) noexcept = default;

// The first of its name counts: what the switch says of itself stands before what a dialplan adds.
void Event::take(std::string_view name, std::string_view value, bool encoded) {
    const auto key = key_of(name);
    if (!key) return;
    std::string_view& place = values_[static_cast<std::size_t>(*key)];
    if (place.empty()) place = encoded ? decoded(value) : value;
}

// A percent sign that no two hexadecimal digits follow stands for itself.
std::string_view Event::decoded(std::string_view value) {
    if (value.find('%') == std::string_view::npos) return value;
    const std::size_t begin = texts_.size();
    for (std::size_t i = 0; i < value.size(); ++i) {
        const int high = value[i] == '%' && i + 2 < value.size() ? hex_digit(value[i + 1]) : -1;
        const int low = high >= 0 ? hex_digit(value[i + 2]) : -1;
        texts_ += low >= 0 ? static_cast<char>(high * 16 + low) : value[i];
        if (low >= 0) i += 2;
    }
    return std::string_view{texts_}.substr(begin);
}

bool Event::read_plain(std::string_view body) {
    values_.fill({});
    texts_.clear();
    texts_.reserve(body.size());
    bool found = false;
    while (!body.empty()) {
        const auto feed = std::min(body.find('\n'), body.size());
        std::string_view line = body.substr(0, feed);
        body.remove_prefix(std::min(feed + 1, body.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) break;
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        found = true;
        std::string_view value = line.substr(colon + 1);
        if (value.starts_with(' ')) value.remove_prefix(1);
        take(line.substr(0, colon), value, true);
    }
    return found;
}

bool Event::read_json(std::string_view body) {
    namespace od = simdjson::ondemand;
    values_.fill({});
    if (!json_) json_ = std::make_unique<Json>();
    // Bytes in another encoding are escaped, so that one caller's name does not spoil the event.
    if (simdjson::validate_utf8(body.data(), body.size()))
        json_->text.assign(body);
    else
        json_->text = escape_to_utf8(body, "\\\\x");
    json_->text.reserve(json_->text.size() + simdjson::SIMDJSON_PADDING);
    od::document document;
    if (json_->parser.iterate(json_->text).get(document)) return false;
    od::object object;
    if (document.get_object().get(object)) return false;
    for (auto field : object) {
        std::string_view name;
        od::value value;
        if (field.unescaped_key().get(name) || field.value().get(value)) return false;
        if (!key_of(name)) continue;
        std::string_view text;
        if (!value.get_string().get(text)) take(name, text, false);  // lists are no field of ours
    }
    return true;
}

}  // namespace surged::io::esl
