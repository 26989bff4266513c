// The real daemon, durable, with one plan, whose pages go to a receiver of ours.
#pragma once

#include "support/page_sink.hpp"
#include "support/site.hpp"

#include <fmt/format.h>
#include <fstream>
#include <string_view>

namespace surged::bench {

[[nodiscard]] inline test::SiteOptions paging_to(const test::PageSink& sink) {
    test::SiteOptions options;
    options.hook_url = sink.url();
    options.hook_secret = test::PageSink::default_secret();
    options.rules = "waves";
    options.record_state_hash = false;
    return options;
}

/// In place of its plan, before it starts: every queue is of level III from `limit` of `kpi` on.
inline void watch_every_queue(
    const test::Site& site, std::string_view kpi, std::string_view limit
) {
    std::ofstream{site.rules_path() + "/plans/P06.yaml"} << fmt::format(
        "plan: platform-service\ntitle: {{zh-CN: 等待, en: Waiting}}\nsource: P06\nversion: 1\n"
        "triggers:\n  - {{id: wait, kpi: {}, above: {{III: {}}}, for: 0s, "
        "clear: {{margin: 20%, for: 0s, dwell: 0s}}}}\n"
        "activation: {{III: {{mode: automatic}}}}\nteams: {{leader: duty}}\n"
        "page: {{III: [leader]}}\nend: {{when_clear_for: 1m}}\n",
        kpi,
        limit
    );
}

}  // namespace surged::bench
