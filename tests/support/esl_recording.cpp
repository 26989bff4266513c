#include "support/esl_recording.hpp"

#include "io/source/esl/frame.hpp"
#include "places.hpp"

#include <filesystem>
#include <string>

namespace surged::test {
namespace {

std::filesystem::path recordings() {
    return std::filesystem::path{SURGED_SOURCE_DIR} / "tests/data/freeswitch";
}

std::string percent_decoded(std::string_view value) {
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '%' && i + 2 < value.size()) {
            out += static_cast<char>(std::stoi(std::string{value.substr(i + 1, 2)}, nullptr, 16));
            i += 2;
        } else {
            out += value[i];
        }
    }
    return out;
}

}  // namespace

Recording load_esl_recording(std::string_view connection) {
    return load_connection(recordings() / connection, ".esl");
}

std::vector<EslAnswer> esl_answers(std::string_view connection) {
    std::vector<EslAnswer> out;
    io::esl::Framer framer;
    for (const Chunk& chunk : load_esl_recording(connection).chunks) {
        if (!chunk.from_server) {
            out.push_back({{}, chunk.bytes.substr(0, chunk.bytes.find('\n')), {}});
            continue;
        }
        framer.push(chunk.bytes);
        while (framer.next() == io::esl::Found::frame) {
            const io::esl::Frame& frame = framer.frame();
            const bool api = frame.content_type() == "api/response";
            if (!api && frame.content_type() != "command/reply") continue;
            // Answers come in the order of the commands.
            for (EslAnswer& answer : out) {
                if (answer.at.us != 0) continue;
                answer.at = chunk.at;
                answer.text = api ? frame.body() : frame.get("Reply-Text");
                break;
            }
        }
    }
    return out;
}

std::string as_esl_json(const OwnedEslFrame& frame) {
    Fields fields;
    std::string_view rest = frame.body;
    while (!rest.empty() && rest.front() != '\n') {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() + 1);
        const auto colon = line.find(": ");
        fields.emplace_back(line.substr(0, colon), percent_decoded(line.substr(colon + 2)));
    }
    return esl_json(fields);
}

std::string esl_recording(std::string_view file) { return read_fixture(recordings() / file); }

}  // namespace surged::test
