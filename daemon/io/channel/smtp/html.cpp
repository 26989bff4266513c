// The HTML of a mail. Tables and inline styles only: mail programs drop nearly everything else.
#include "base/markup.hpp"
#include "io/channel/smtp/encode.hpp"
#include "io/channel/wording.hpp"
#include "io/http/utf8.hpp"

#include <fmt/format.h>

namespace surged::io::smtp {
namespace {

struct Colour {
    const char* back;
    const char* text;
};

/// White on the three darker ones: each pair has a contrast of at least 4.5 to 1.
Colour colour_of(plan::Level level) {
    switch (level) {
        case plan::Level::I:
            return {"#b71c1c", "#ffffff"};
        case plan::Level::II:
            return {"#bf4400", "#ffffff"};
        case plan::Level::III:
            return {"#fbc02d", "#1a1a1a"};
        case plan::Level::IV:
            return {"#1565c0", "#ffffff"};
        case plan::Level::none:
            break;
    }
    return {"#455a64", "#ffffff"};
}

std::string row(std::string_view style, const std::string& content) {
    return fmt::format("<tr><td style=\"padding:0 20px 14px;{}\">{}</td></tr>\n", style, content);
}

std::string figures(const delivery::Content& content, const Colour& colour) {
    if (content.value.empty()) return {};
    const bool zh = content.language == plan::Language::zh_cn;
    std::string out = fmt::format(
        "<span style=\"font-size:34px;line-height:40px;font-weight:bold;color:{}\">{}</span>",
        std::string_view{colour.text} == "#ffffff" ? colour.back : colour.text,
        escape_markup(to_utf8(content.value))
    );
    if (!content.threshold.empty())
        out += fmt::format(
            " <span style=\"font-size:16px;color:#555555\">{} {}</span>",
            zh ? "阈值" : "threshold",
            escape_markup(to_utf8(content.threshold))
        );
    return row("", out);
}

std::string facts(const delivery::Content& content) {
    std::string out;
    for (const std::string& fact : wording::facts_below_title(content)) {
        const bool step = !content.first_step.empty() &&
                          (fact.starts_with("首步") || fact.starts_with("first step"));
        out +=
            row(step ? "font-size:16px;line-height:24px;font-weight:bold"
                     : "font-size:16px;line-height:24px",
                escape_markup(to_utf8(fact)));
    }
    return out;
}

std::string button(const delivery::Content& content, const std::string& link) {
    if (link.empty()) return {};
    return fmt::format(
        "<tr><td style=\"padding:6px 20px 22px\"><a href=\"{}\" style=\"display:block;"
        "background:#1b5e20;color:#ffffff;text-decoration:none;text-align:center;font-size:18px;"
        "line-height:24px;font-weight:bold;padding:13px 12px;border-radius:6px\">{}</a></td></tr>"
        "\n",
        escape_markup(to_utf8(link)),
        wording::acknowledge(content.language)
    );
}

}  // namespace

std::string html_of(const delivery::Page& page, const std::string& link) {
    const delivery::Content& content = page.content;
    const bool zh = content.language == plan::Language::zh_cn;
    const Colour colour = colour_of(content.level);
    std::string out = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>{}</title></head>\n"
        "<body style=\"margin:0;padding:12px 0;background:#eceff1\">\n"
        "<table role=\"presentation\" width=\"100%\" cellspacing=\"0\" cellpadding=\"0\"><tr>"
        "<td align=\"center\">\n"
        "<table role=\"presentation\" width=\"100%\" cellspacing=\"0\" cellpadding=\"0\" "
        "style=\"max-width:560px;background:#ffffff;color:#1a1a1a;font-family:-apple-system,"
        "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',Roboto,Arial,sans-serif\">\n",
        zh ? "zh-CN" : "en",
        escape_markup(to_utf8(content.title))
    );
    out += fmt::format(
        "<tr><td style=\"background:{};color:{};padding:16px 20px;font-size:20px;line-height:28px;"
        "font-weight:bold\">{}</td></tr>\n<tr><td style=\"height:16px\"></td></tr>\n",
        colour.back,
        colour.text,
        escape_markup(to_utf8(wording::marked(page, content.title)))
    );
    out += figures(content, colour) + facts(content) + button(content, link);
    out += fmt::format(
        "<tr><td style=\"padding:12px 20px;border-top:1px solid #dddddd;font-size:13px;"
        "line-height:18px;color:#666666\">{}<br>{}</td></tr>\n",
        footer(content.language),
        escape_markup(to_utf8(wording::sequence(page)))
    );
    return out + "</table>\n</td></tr></table>\n</body></html>\n";
}

}  // namespace surged::io::smtp
