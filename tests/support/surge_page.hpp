// A page as the engine writes it, for tests of what carries it.
#pragma once

#include "core/delivery/page.hpp"

namespace surged::test {

/// Level II, Chinese, to wang, whose address is `to`; created 2026-11-23T16:35:19Z.
[[nodiscard]] inline delivery::Page a_page(const char* to = "wang@example.org") {
    delivery::Page page;
    page.id = "P06-hz-20261123-2.1.0.0.wang.mail";
    page.incident = "P06-hz-20261123-2";
    page.rise = 1;
    page.person = "wang";
    page.channel = "mail";
    page.to = to;
    page.attempts = 1;
    page.content.incident = page.incident;
    page.content.plan = "platform-service";
    page.content.site = "hz";
    page.content.queue = "售前电话";
    page.content.trigger = "pressure";
    page.content.kpi = "waiting_per_agent";
    page.content.level = plan::Level::II;
    page.content.rise = 1;
    page.content.title = "【Ⅱ级】hz 售前电话 每坐席排队 0.36(阈值 0.35)";
    page.content.text =
        page.content.title +
        "已 2 分钟(16:33 起)|排队 104 人,最长等待 1 分 52 秒|近 5 分钟进线为前一小时的 1.9 倍,"
        "在线 288/300|首步:取消小休|P06-hz-20261123-2 平台服务";
    page.content.value = "0.36";
    page.content.threshold = "0.35";
    page.content.since = Wall{1'795'451'600'000'000};
    page.content.created = Wall{1'795'451'719'000'000};
    page.content.first_step = "取消小休";
    return page;
}

}  // namespace surged::test
