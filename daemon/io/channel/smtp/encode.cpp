#include "io/channel/smtp/encode.hpp"

#include "io/channel/smtp/mime.hpp"
#include "io/channel/wording.hpp"
#include "io/crypto.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::io::smtp {
namespace {

constexpr std::size_t address_max = 254;  // RFC 5321 §4.5.3.1.3, without < and >
constexpr std::size_t subject_max = 180;  // bytes of what stands in the brackets
constexpr std::size_t id_max = 160;       // beyond it a hash stands for the page's id
constexpr std::size_t recipients_max = 50;

bool chinese(const delivery::Page& page) { return page.content.language == plan::Language::zh_cn; }

bool fits_address(char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7f &&
           std::string_view{"<>()[],;:\\\""}.find(c) == std::string_view::npos;
}

bool is_address(std::string_view text) {
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == text.size()) return false;
    if (text.size() > address_max || text.find('@') != at) return false;
    const std::string_view domain = text.substr(at + 1);
    if (domain.front() == '.' || domain.back() == '.') return false;
    return std::all_of(text.begin(), text.end(), fits_address);
}

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

/// The characters of a dot-atom as they are, all others as =XX: a page's id may hold Chinese names.
std::string atom_of(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
        if (plain)
            out += c;
        else
            out += fmt::format("={:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    return out;
}

/// RFC 2047 words for a name that is not ASCII, quotes for one that is.
std::string from_header(const Address& from) {
    if (from.name.empty()) return list_header("From", {"<" + from.address + ">"}, ",");
    std::string name = text_header("From", from.name);
    name.resize(name.size() - 2);  // its CRLF
    if (name.find("=?") != std::string::npos) return name + "\r\n <" + from.address + ">\r\n";
    std::string quoted;
    for (const char c : name.substr(6))  // "From: "
        if (c != '"' && c != '\\') quoted += c;
    return list_header("From", {"\"" + quoted + "\"", "<" + from.address + ">"}, "");
}

}  // namespace

std::vector<std::string> recipients_of(std::string_view to) {
    std::vector<std::string> out;
    while (!to.empty()) {
        const auto end = std::min(to.find_first_of(",; \t"), to.size());
        const std::string_view one = to.substr(0, end);
        to.remove_prefix(std::min(end + 1, to.size()));
        if (one.empty()) continue;
        if (!is_address(one) || out.size() == recipients_max) return {};
        if (std::find(out.begin(), out.end(), one) == out.end()) out.emplace_back(one);
    }
    return out;
}

std::string message_id(std::string_view page_id, const Address& from) {
    std::string left = atom_of(page_id);
    if (left.size() > id_max) left = crypto::sha256_hex(page_id);
    const auto domain = from.address.substr(from.address.rfind('@') + 1);
    return fmt::format("<inc-{}@{}>", left, atom_of(domain));
}

std::string subject_of(const delivery::Page& page) {
    std::string told = one_line(wording::marked(page, page.content.title));
    // Every text of a drill begins with the mark, in the form of the title.
    std::string drill;
    for (const std::string_view mark : {"【演练】", "[DRILL] "})
        if (const auto at = told.find(mark); page.content.drill && at != std::string::npos) {
            drill = mark;
            told.erase(at, mark.size());
        }
    for (const std::string_view bracket : {"【", "】", "[", "]"})
        for (auto at = told.find(bracket); at != std::string::npos; at = told.find(bracket, at))
            told.replace(at, bracket.size(), at == 0 || bracket == "[" ? "" : " ");
    while (told.find("  ") != std::string::npos) told.erase(told.find("  "), 1);
    const std::string blob = wording::cut(trimmed(told), subject_max);
    return fmt::format("{}[{}] {}", drill, blob, page.content.incident);
}

std::string_view footer(plan::Language language) {
    return language == plan::Language::zh_cn ? "surged 自动发送,打开邮件不是认领。"
                                             : "Sent by surged. Opening it acknowledges nothing.";
}

std::string text_of(const delivery::Page& page, const std::string& link) {
    const bool zh = chinese(page);
    std::string out = wording::marked(page, page.content.title) + "\n\n";
    for (const std::string& fact : wording::facts_below_title(page.content)) out += fact + "\n";
    if (!link.empty())
        out += fmt::format(
            "\n{}{}{}\n", wording::acknowledge(page.content.language), zh ? ":" : ": ", link
        );
    out += fmt::format("\n-- \n{} {}\n", footer(page.content.language), wording::sequence(page));
    return out;
}

std::string encode_message(const delivery::Page& page, const Frame& frame) {
    const std::string id = message_id(page.id, frame.from);
    const std::string boundary = "=_surged_" + crypto::sha256_hex(page.id).substr(0, 24);
    std::vector<std::string> to;
    to.reserve(frame.to.size());
    for (const std::string& one : frame.to) to.push_back("<" + one + ">");
    std::string out = fmt::format("Date: {}\r\n", date_of(page.content.created));
    out += from_header(frame.from);
    out += list_header("To", to, ",");
    out += text_header("Subject", subject_of(page));
    out += list_header("Message-ID", {id}, "");
    if (!frame.root.empty() && frame.root != page.id) {
        const std::string root = message_id(frame.root, frame.from);
        out += list_header("In-Reply-To", {root}, "");
        out += list_header("References", {root}, "");
    }
    out += "Auto-Submitted: auto-generated\r\n";
    if (page.content.level >= plan::Level::II) out += "Importance: high\r\n";
    out += "MIME-Version: 1.0\r\n";
    out +=
        fmt::format("Content-Type: multipart/alternative;\r\n boundary=\"{}\"\r\n\r\n", boundary);
    out += fmt::format("--{}\r\n{}", boundary, text_part("text/plain", text_of(page, frame.link)));
    out += fmt::format("--{}\r\n{}", boundary, text_part("text/html", html_of(page, frame.link)));
    return out + fmt::format("--{}--\r\n", boundary);
}

}  // namespace surged::io::smtp
