// GET and POST /a/{token}: shows how a page stands, and takes its person's answer.
//
// GET and HEAD change nothing: mail gateways, chat previews and phone browsers fetch links. The
// token is all the right that is needed, so nothing of it is ever logged.
#pragma once

#include "io/ack/links.hpp"
#include "io/ack/page.hpp"
#include "io/api/host.hpp"
#include "io/http/message.hpp"

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

namespace surged::io::ack {

class Desk {
public:
    /// Both outlive the desk's coroutines.
    Desk(Host& host, std::shared_ptr<const Links> links) : host_{host}, links_{std::move(links)} {}

    [[nodiscard]] http::Response show(const http::Request& request);
    [[nodiscard]] boost::asio::awaitable<http::Response> answer(http::Request request);

private:
    struct Asked;
    [[nodiscard]] boost::asio::awaitable<http::Response> raise(
        http::Request request, Asked subject
    );
    [[nodiscard]] http::Response settled(const Asked& subject, const Submitted& done, Notice thanks)
        const;
    [[nodiscard]] Asked asked(const http::Request& request);
    [[nodiscard]] Shown standing(const Asked& asked, Notice notice) const;
    [[nodiscard]] http::Response respond(
        const Asked& asked, unsigned status, Notice notice = Notice::none
    ) const;
    [[nodiscard]] Notice objection(const http::Request& request, const Asked& asked) const;
    [[nodiscard]] bool may_decide(const Asked& asked) const;
    [[nodiscard]] std::string name_of(const std::string& person) const;
    [[nodiscard]] Wall now() const;

    Host& host_;
    std::shared_ptr<const Links> links_;
};

}  // namespace surged::io::ack
