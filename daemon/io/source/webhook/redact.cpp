#include "io/source/webhook/redact.hpp"

#include "io/http/json_writer.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <set>

namespace surged::io::hook {
namespace json = boost::json;
namespace {

constexpr std::size_t bytes_max = 4096;
constexpr std::size_t word_max = 64;
constexpr std::size_t items_max = 3;  // of a list; more of the same say nothing new

class Shaper {
public:
    Shaper(const DocumentMap& map, Payload& payload) : payload_{payload} {
        for (const DocumentRule& rule : map.rules) {
            for (const DocumentTest& test : rule.when) note(test.at);
            for (const DocumentTest& test : rule.unless) note(test.at);
            for (const auto& [name, value] : rule.fields)
                if (name == "type") note(value.at);
        }
    }

    std::string run() {
        write(payload_.item());
        return std::move(json_).take();
    }

private:
    void note(const std::vector<Reference>& references) {
        for (const Reference& reference : references) {
            const bool inside =
                reference.in == Reference::In::item || reference.in == Reference::In::top;
            if (inside) shown_.insert(payload_.find(reference));
        }
    }

    void write(const json::value& value) {
        if (json_.text().size() > bytes_max) return json_.value("…");
        if (value.is_object()) return object(value.get_object());
        if (value.is_array()) return array(value.get_array());
        if (value.is_null()) return json_.null();
        if (value.is_bool()) return json_.value(value.get_bool());
        const std::string word = word_of(value).value_or("");
        if (shown_.contains(&value) && word.size() <= word_max) return json_.value(word);
        if (value.is_string()) return json_.value(fmt::format("text, {} bytes", word.size()));
        json_.value("number");
    }

    void object(const json::object& object) {
        json_.begin_object();
        for (const auto& member : object) {
            if (json_.text().size() > bytes_max) break;
            json_.key(std::string_view{member.key().data(), member.key().size()}.substr(0, word_max)
            );
            write(member.value());
        }
        json_.end_object();
    }

    void array(const json::array& array) {
        json_.begin_array();
        for (std::size_t i = 0; i < std::min(array.size(), items_max); ++i) write(array[i]);
        if (array.size() > items_max)
            json_.value(fmt::format("and {} more", array.size() - items_max));
        json_.end_array();
    }

    Payload& payload_;
    std::set<const json::value*> shown_;
    http::JsonWriter json_;
};

}  // namespace

std::string redacted(const DocumentMap& map, Payload& payload) {
    return Shaper{map, payload}.run();
}

}  // namespace surged::io::hook
