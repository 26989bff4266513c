#include "io/channel/console/console.hpp"

#include "io/channel/wording.hpp"

#include <cerrno>
#include <fmt/format.h>
#include <system_error>

namespace surged::io::console {
namespace {

std::string one_line(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        out.push_back(byte < 0x20 || byte == 0x7f ? ' ' : c);
    }
    return out;
}

}  // namespace

std::string encode_line(const delivery::Page& page, const std::string& link) {
    const auto& text = page.content.text.empty() ? page.content.title : page.content.text;
    std::string out = fmt::format(
        "{} {} → {}: {}",
        format_rfc3339(page.content.created),
        page.id,
        page.person,
        wording::marked(page, text)
    );
    if (!link.empty())
        out += fmt::format(" | {}: {}", wording::acknowledge(page.content.language), link);
    return one_line(out);
}

boost::asio::awaitable<engine::Receipt> ConsoleChannel::deliver(delivery::Page page) {
    const std::string line = encode_line(page, link_ ? link_(page) : std::string{}) + "\n";
    engine::Receipt receipt;
    receipt.page = page.id;
    receipt.attempt = page.attempts;
    const bool written =
        std::fwrite(line.data(), 1, line.size(), out_) == line.size() && std::fflush(out_) == 0;
    receipt.outcome = written ? delivery::Outcome::accepted : delivery::Outcome::retry;
    if (!written) receipt.detail = std::generic_category().message(errno);
    co_return receipt;
}

}  // namespace surged::io::console
