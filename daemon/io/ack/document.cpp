#include "io/ack/document.hpp"

#include "base/markup.hpp"

#include <fmt/format.h>
#include <utility>

namespace surged::io::ack {
namespace {

constexpr std::string_view style = R"(
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:#eef0f3;color:#1b1f24;overflow-wrap:break-word;word-wrap:break-word;
font:17px/1.5 -apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",Roboto,sans-serif}
main{max-width:36em;margin:0 auto;padding:12px}
.card{background:#fff;border-radius:10px;padding:16px;margin:0 0 12px;border-top:6px solid #7a828c}
.I{border-color:#c62828}.II{border-color:#e06c00}.III{border-color:#d9a400}.IV{border-color:#2866c6}
h1{font-size:21px;line-height:1.35;margin:0 0 10px}
ul{margin:0;padding:0 0 0 1.1em}li{margin:0 0 4px}
.id{color:#5b636d;font-size:14px;margin:10px 0 0}
.state{font-weight:bold;border-radius:8px;padding:12px 14px;margin:0 0 12px;background:#fff4d6}
.good{background:#dff3e3}.bad{background:#fde4e1}.plain{background:#e3e7ec}
button{display:block;width:100%;min-height:54px;margin:0 0 12px;padding:10px;border-radius:10px;
border:2px solid #1d5fbf;background:#fff;color:#1d5fbf;font:inherit;font-weight:bold}
button.main{background:#1d5fbf;color:#fff;font-size:20px;min-height:64px}
button.other{border-color:#7a828c;color:#3d444d}
select,input{font:inherit;padding:6px;border-radius:6px;border:1px solid #7a828c;background:#fff;
color:#1b1f24}
.row{margin:0 0 8px}summary{padding:12px 0}
.foot{color:#5b636d;font-size:14px}.foot a{color:#1d5fbf}
@media (prefers-color-scheme:dark){
body{background:#15181c;color:#e8eaed}.card{background:#22262c}
.state{background:#4a3d12}.good{background:#1d4028}.bad{background:#54231f}
.plain{background:#2c323a}button{background:#22262c;color:#8ab4f8;border-color:#8ab4f8}
button.main{background:#1d5fbf;color:#fff}button.other{color:#c3c9d0;border-color:#7a828c}
select,input{background:#22262c;color:#e8eaed}.id,.foot{color:#a5adb7}.foot a{color:#8ab4f8}}
)";

}  // namespace

std::string document(std::string_view language, std::string_view title, std::string_view body) {
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"robots\" content=\"noindex, nofollow\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n{}</main>\n</body>\n"
        "</html>\n",
        language,
        escape_markup(title),
        style,
        body
    );
}

std::string box(std::string_view kind, std::string_view text) {
    return fmt::format("<p class=\"state {}\">{}</p>\n", kind, escape_markup(text));
}

std::string_view code_of(plan::Language language) {
    return language == plan::Language::zh_cn ? "zh-CN" : "en";
}

std::string other_language(plan::Language language) {
    const bool zh = language == plan::Language::zh_cn;
    return fmt::format(
        "<a href=\"?lang={}\" lang=\"{}\">{}</a>",
        zh ? "en" : "zh-CN",
        zh ? "en" : "zh-CN",
        zh ? "English" : "中文"
    );
}

http::Response html(unsigned status, std::string body) {
    http::Response out{status, "text/html; charset=utf-8", std::move(body)};
    out.headers = {
        // no-store is the server's own
        {"Referrer-Policy",         "no-referrer"      },
        {"X-Robots-Tag",            "noindex, nofollow"},
        {"X-Frame-Options",         "DENY"             },
        {"Content-Security-Policy",
         "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
         "frame-ancestors 'none'"                      },
    };
    return out;
}

}  // namespace surged::io::ack
