#include "app/backtest/html_page.hpp"

#include "base/markup.hpp"

#include <fmt/format.h>

namespace surged::app::backtest {
namespace {

constexpr std::string_view style = R"(<style>
:root{color-scheme:light dark;--I:#d32f2f;--II:#ef6c00;--III:#fbc02d;--IV:#1976d2}
body{font:14px/1.45 system-ui,sans-serif;margin:2em auto;max-width:1080px;padding:0 1em}
h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}
pre{white-space:pre-wrap;font-size:12px;opacity:.85}
table{border-collapse:collapse;font-size:13px;width:100%}
th,td{text-align:left;padding:3px 8px;border-bottom:1px solid #8884;vertical-align:top}
td.n{font-variant-numeric:tabular-nums}
svg{width:100%;height:auto;font:11px system-ui,sans-serif}
svg text{fill:currentColor}
.g{stroke:currentColor;opacity:.12}.v{fill:none;stroke:currentColor;stroke-width:1.2}
.l{stroke-width:1;stroke-dasharray:5 4}
line.I{stroke:var(--I)}line.II{stroke:var(--II)}line.III{stroke:var(--III)}line.IV{stroke:var(--IV)}
rect.I{fill:var(--I)}rect.II{fill:var(--II)}rect.III{fill:var(--III)}rect.IV{fill:var(--IV)}
rect.none{fill:currentColor;opacity:.15}
b.I,b.II,b.III,b.IV{padding:0 .5em;border-radius:3px;color:#fff}b.III{color:#000}
b.I{background:var(--I)}b.II{background:var(--II)}
b.III{background:var(--III)}b.IV{background:var(--IV)}
figure{margin:1em 0}figcaption{font-weight:600}
</style>)";

}  // namespace

HtmlRows::HtmlRows(const std::vector<std::string>& headings) {
    out_ = "<table><thead><tr>";
    for (const std::string& heading : headings) out_ += "<th>" + escape_markup(heading) + "</th>";
    out_ += "</tr></thead><tbody>\n";
}
void HtmlRows::text(std::string_view cell) { out_ += "<td>" + escape_markup(cell) + "</td>"; }
void HtmlRows::number(std::uint64_t cell) { out_ += fmt::format("<td class=\"n\">{}</td>", cell); }
void HtmlRows::level(plan::Level level) {
    out_ += level == plan::Level::none
                ? "<td>–</td>"
                : fmt::format("<td><b class=\"{0}\">{0}</b></td>", plan::name_of(level));
}
std::string HtmlRows::take() && { return std::move(out_) + "</tbody></table>\n"; }

std::string html_section(std::string_view heading, const std::string& inside) {
    return fmt::format("<h2>{}</h2>\n{}\n", escape_markup(heading), inside);
}

std::string html_page(
    plan::Language language,
    const std::string& title,
    const std::vector<std::string>& preface,
    const std::string& body
) {
    std::string lines;
    for (const std::string& line : preface) lines += escape_markup(line) + '\n';
    return fmt::format(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
        "<title>{}</title>\n{}</head><body>\n<h1>{}</h1>\n<pre>{}</pre>\n{}</body></html>\n",
        language == plan::Language::zh_cn ? "zh-CN" : "en",
        escape_markup(title),
        style,
        escape_markup(title),
        lines,
        body
    );
}

}  // namespace surged::app::backtest
