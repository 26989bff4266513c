// Files that people write, each by the decoder of its kind: nothing crashes, every mistake has its
// place, and what is accepted reads back from its canonical bytes.
#include "base/codec.hpp"
#include "config/decode.hpp"
#include "fuzz/fuzz.hpp"

#include <algorithm>
#include <sys/mman.h>
#include <unistd.h>

using namespace surged;
using namespace surged::config;

namespace {

void placed(const Report& report, std::string_view text) {
    const auto lines = std::count(text.begin(), text.end(), '\n') + 2;
    for (const Diagnostic& one : report.sorted()) {
        fuzz::require(!one.what.empty(), "a mistake without words");
        fuzz::require(one.line >= 0 && one.line <= lines, "a mistake beyond the end of the file");
        fuzz::require(one.line == 0 || one.column >= 1, "a mistake without its column");
    }
}

template <class T>
void reads_back(const T& value) {
    const std::string bytes = codec::encode(value);
    const auto again = codec::decode<T>(bytes);
    fuzz::require(again && codec::encode(*again) == bytes, "canonical bytes that do not read back");
}

// decode_map reads the map from the file that a key names.
void map_file(std::string_view text, Report& report) {
    static const int file = ::memfd_create("map", MFD_CLOEXEC);
    static const std::string path = "/proc/self/fd/" + std::to_string(file);
    fuzz::require(::ftruncate(file, 0) == 0, "ftruncate failed");
    fuzz::require(
        ::pwrite(file, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()),
        "pwrite failed"
    );
    Report own;
    const Document source =
        Document::parse("surged.yaml", "sources: {h: {type: webhook, map: " + path + "}}", own);
    const Cursor top{source, File::surged, report};
    const auto sources = top.get("sources");
    const auto entries = sources->entries();
    static_cast<void>(decode_map(entries.front().second.with_variant("webhook"), "map", "/"));
}

void decode(std::uint8_t kind, const Document& document, Report& report) {
    const FileReader nothing = [](const std::string&) -> Parsed<std::string> {
        return tl::make_unexpected(Complaint{"there is no such file", "", ""});
    };
    switch (kind % 4) {
        case 0: {
            Report warnings;
            PlanContext context;
            context.warnings = &warnings;
            const plan::Plan plan = decode_plan({document, File::plan, report}, context);
            if (!report.empty()) return;
            reads_back(plan);
            fuzz::canary(plan.title.en != "Platform service");
            return;
        }
        case 1: {
            const plan::Site site = decode_site({document, File::site, report}, nullptr, nothing);
            if (report.empty()) reads_back(site);
            return;
        }
        case 2: {
            Report warnings;
            const Roster roster = decode_roster(
                {document, File::roster, report}, plan::Language::en, nullptr, nullptr, warnings
            );
            if (report.empty()) reads_back(roster.teams);
            return;
        }
        default:
            static_cast<void>(decode_daemon({document, File::surged, report}, "/"));
    }
}

void run(std::string_view bytes) {
    fuzz::Choices choices{bytes};
    const std::uint8_t kind = choices.byte();
    Report report;
    if (kind == 'M') {
        map_file(choices.rest(), report);
    } else {
        const Document document = Document::parse("plan.yaml", choices.rest(), report);
        if (document.root() != nullptr) decode(kind, document, report);
    }
    placed(report, choices.rest());
}

const fuzz::Target target{run};

}  // namespace
