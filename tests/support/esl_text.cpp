#include "support/esl_text.hpp"

#include "io/source/esl/frame.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace surged::test {
namespace {

std::string percent_encoded(std::string_view value) {
    std::string out;
    for (const char c : value) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') ||
                           std::string_view{"-_.!~*'(),/[]=+"}.find(c) != std::string_view::npos;
        if (plain)
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

}  // namespace

std::string esl_plain(const Fields& fields) {
    std::string body;
    for (const auto& [key, value] : fields)
        body += fmt::format("{}: {}\n", key, percent_encoded(value));
    body += "\n";
    return fmt::format(
        "Content-Length: {}\nContent-Type: text/event-plain\n\n{}", body.size(), body
    );
}

std::string esl_json(const Fields& fields) {
    boost::json::object object;
    for (const auto& [key, value] : fields) object[key] = value;
    const std::string body = boost::json::serialize(object);
    return fmt::format(
        "Content-Length: {}\nContent-Type: text/event-json\n\n{}", body.size(), body
    );
}

std::string esl_reply(std::string_view text) {
    return fmt::format("Content-Type: command/reply\nReply-Text: {}\n\n", text);
}

std::string esl_answer(std::string_view body) {
    return fmt::format("Content-Type: api/response\nContent-Length: {}\n\n{}", body.size(), body);
}

Fields center_event(std::int64_t us, std::string_view action, const Fields& fields) {
    Fields out{
        {"Event-Subclass",       "callcenter::info" },
        {"Event-Name",           "CUSTOM"           },
        {"Event-Date-Timestamp", std::to_string(us) },
        {"CC-Action",            std::string{action}},
    };
    for (const auto& [key, value] : fields) {
        const bool channel =
            key == "Answer-State" || key == "Hangup-Cause" || key.starts_with("variable_");
        out.emplace_back(channel ? key : "CC-" + key, value);
    }
    return out;
}

std::vector<OwnedEslFrame> esl_frames_of(std::string_view bytes, std::size_t piece) {
    io::esl::Framer framer;
    std::vector<OwnedEslFrame> out;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        framer.push(bytes.substr(at, piece));
        for (;;) {
            const io::esl::Found found = framer.next();
            if (found == io::esl::Found::nothing) break;
            if (found != io::esl::Found::frame) continue;
            const io::esl::Frame& frame = framer.frame();
            out.push_back(
                {std::string{frame.content_type()},
                 std::string{frame.get("Reply-Text")},
                 std::string{frame.body()}}
            );
        }
    }
    return out;
}

}  // namespace surged::test
