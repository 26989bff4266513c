#include "io/channel/aliyun_sms/encode.hpp"
#include "io/channel/aliyun_sms/send.hpp"
#include "io/channel/aliyun_sms/sign.hpp"
#include "robots.hpp"
#include "support/aliyun_fake.hpp"
#include "support/surge_page.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io;
using delivery::Outcome;

namespace {

const std::vector<std::string> usual{"site", "queue", "level", "value", "action"};

io::RobotOptions options_for(const test::VendorFake& fake) {
    auto options = test::robot_options(fake, "s3cret-key");
    options.timeout = 2s;
    return options;
}

test::AliyunFake::Rules rules() {
    return {
        "LTAI-me", "s3cret-key", {"site", "queue", "level"}
    };
}

std::shared_ptr<Channel> channel_for(const test::VendorFake& fake) {
    return aliyun_sms::make_channel(options_for(fake), "LTAI-me", {"某某商场", "SMS_1", usual});
}

}  // namespace

TEST_CASE("aliyun_sms: the vendor's own example of signature V3") {
    aliyun_sms::Signed request;
    request.query = {
        {"ImageId",  "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"},
        {"RegionId", "cn-shanghai"                                        },
    };
    request.body_hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    request.headers = {
        {"host",                  "ecs.cn-shanghai.aliyuncs.com"    },
        {"x-acs-action",          "RunInstances"                    },
        {"x-acs-content-sha256",  request.body_hash                 },
        {"x-acs-date",            "2023-10-26T10:22:32Z"            },
        {"x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"},
        {"x-acs-version",         "2014-05-26"                      },
    };
    CHECK(
        aliyun_sms::authorization(request, "YourAccessKeyId", "YourAccessKeySecret") ==
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
        "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    );
    CHECK(
        aliyun_sms::encoded_query({
            {"b", "a *~排"},
            {"a", "1"     }
    }) == "a=1&b=a%20%2A~%E6%8E%92"
    );
}

TEST_CASE("aliyun_sms: variables are short text, never empty, without links and brackets") {
    auto page = test::a_page("13800000000");
    CHECK(
        aliyun_sms::template_param(page, usual, Form::rich) ==
        R"({"site":"hz","queue":"售前电话","level":"II","value":"0.36","action":"取消小休"})"
    );
    page.content.queue = "【一】https://x.cn/" + std::string(40, 'q') + "\n二";
    page.content.first_step.clear();
    page.content.drill = true;
    const auto rich =
        boost::json::parse(aliyun_sms::template_param(page, usual, Form::rich)).as_object();
    CHECK(rich.at("site") == "演练 hz");
    CHECK(rich.at("queue").as_string() == "一x.cn/" + std::string(24 - 1, 'q') + "…");
    CHECK(rich.at("action") == "无");
    page.content.language = plan::Language::en;
    page.content.queue = "a<b>&\"敏\"-c";
    const auto plain =
        boost::json::parse(aliyun_sms::template_param(page, usual, Form::plain)).as_object();
    CHECK(plain.at("site") == "DRILL hz");
    CHECK(plain.at("queue") == "ab敏c");
    CHECK(plain.at("action") == "none");
    // Cut between characters: 40 of three bytes each.
    std::string wide;
    for (int i = 0; i < 40; ++i) wide += "排";
    page.content.queue = wide;
    const auto cut =
        boost::json::parse(aliyun_sms::template_param(page, usual, Form::rich)).as_object();
    CHECK(cut.at("queue").as_string().size() == 29 * 3 + 3);
}

TEST_CASE("aliyun_sms: numbers of a contact") {
    struct Row {
        const char* to;
        std::vector<std::string> want;
    };
    const Row rows[] = {
        {"13800000000",                 {"13800000000"}               },
        {"+8613800000000, 13700000000", {"13800000000", "13700000000"}},
        {"+85291234567",                {"85291234567"}               },
        {"",                            {}                            },
        {"wang",                        {}                            },
        {"13800000000 wang",            {}                            },
    };
    for (const Row& row : rows) CHECK(aliyun_sms::numbers_in(row.to) == row.want);
}

TEST_CASE("aliyun_sms: a page arrives, signed, and says so") {
    const test::AliyunFake fake{rules()};
    const auto channel = channel_for(fake);
    const auto page = test::a_page("+8613800000000");
    const auto receipt = test::deliver(*channel, page);
    CHECK_MESSAGE(receipt.outcome == Outcome::accepted, receipt.detail);
    CHECK(receipt.detail == "9006^0");
    CHECK(receipt.page == page.id);
    REQUIRE(fake.delivered().size() == 1);
    CHECK(fake.delivered().front().kind == "13800000000");
    CHECK(fake.delivered().front().body == page.id);
    const auto request = fake.requests().front();
    CHECK(request.method == "POST");
    CHECK(request.query.at("SignName") == "某某商场");
    CHECK(request.query.at("TemplateCode") == "SMS_1");
    // Another nonce for each request: the same page again is no replay to the vendor.
    CHECK(test::deliver(*channel, page).outcome == Outcome::accepted);
}

TEST_CASE("aliyun_sms: what each code means") {
    struct Row {
        const char* code;
        Outcome want;
    };
    const Row rows[] = {
        {"isp.SYSTEM_ERROR",                Outcome::retry       },
        {"Throttling.User",                 Outcome::retry       },
        {"ServiceUnavailable",              Outcome::retry       },
        {"SignatureNonceUsed",              Outcome::retry       },
        {"isv.BUSINESS_LIMIT_CONTROL",      Outcome::rate_limited},
        {"isv.DENY_IP_RANGE",               Outcome::bad_channel },
        {"isv.AMOUNT_NOT_ENOUGH",           Outcome::bad_channel },
        {"isv.OUT_OF_SERVICE",              Outcome::bad_channel },
        {"isv.SMS_SIGNATURE_ILLEGAL",       Outcome::bad_channel },
        {"isv.SIGN_STATE_ILLEGAL",          Outcome::bad_channel },
        {"isv.DAY_LIMIT_CONTROL",           Outcome::bad_channel },
        {"isv.TEMPLATE_MISSING_PARAMETERS", Outcome::bad_channel },
        {"isv.SMS_TEMPLATE_ILLEGAL",        Outcome::bad_channel },
        {"isp.RAM_PERMISSION_DENY",         Outcome::bad_channel },
        {"InvalidAccessKeyId.NotFound",     Outcome::bad_channel },
        {"SignatureDoesNotMatch",           Outcome::bad_channel },
        {"InvalidTimeStamp.Expired",        Outcome::bad_channel },
        {"isv.MOBILE_NUMBER_ILLEGAL",       Outcome::bad_message },
        {"isv.SMS_CONTENT_ILLEGAL",         Outcome::bad_message },
        {"isv.BLACK_KEY_CONTROL_LIMIT",     Outcome::bad_message },
        {"isv.A_CODE_OF_TOMORROW",          Outcome::retry       },
    };
    for (const Row& row : rows) {
        CAPTURE(row.code);
        const auto judged = aliyun_sms::judge(
            test::answer(
                fmt::format(R"({{"Code":"{}","Message":"for 13800000000 by s3cret"}})", row.code)
            ),
            Wall{0},
            {"s3cret", "13800000000"}
        );
        CHECK(judged.receipt.outcome == row.want);
        CHECK(judged.receipt.detail == std::string{row.code} + ": for *** by ***");
        CHECK(judged.receipt.retry_after.has_value() == (row.want == Outcome::rate_limited));
    }
    CHECK(aliyun_sms::judge(test::answer("{}"), Wall{0}, {}).receipt.outcome == Outcome::retry);
}

TEST_CASE("aliyun_sms: a wrong key, a wrong number, refused words") {
    const test::AliyunFake fake{rules()};
    auto options = options_for(fake);
    options.key = "another";
    const auto stranger = aliyun_sms::make_channel(options, "LTAI-me", {"s", "SMS_1", usual});
    CHECK(test::deliver(*stranger, test::a_page("13800000000")).outcome == Outcome::bad_channel);
    const auto channel = channel_for(fake);
    const auto wrong = test::deliver(*channel, test::a_page("13900000000"));
    CHECK(wrong.outcome == Outcome::bad_message);
    CHECK(wrong.detail == "isv.MOBILE_NUMBER_ILLEGAL: *** is no number");
    CHECK(fake.requests().size() == 2);  // no plainer words help a wrong number
    CHECK(test::deliver(*channel, test::a_page("wang")).outcome == Outcome::bad_message);
    CHECK(fake.requests().size() == 2);
    auto page = test::a_page("13800000000");
    page.content.first_step = "这里的第一步说得很长很长很长敏感";
    const auto plain = test::deliver(*channel, page);
    CHECK(plain.outcome == Outcome::accepted);  // cut before the word
    CHECK(plain.detail.find("isv.BLACK_KEY_CONTROL_LIMIT") != std::string::npos);
    CHECK(fake.requests().size() == 4);
}
