#include "io/channel/smtp/send.hpp"

#include "io/channel/smtp/wire.hpp"
#include "io/runtime/tls.hpp"

#include <algorithm>
#include <boost/asio/ip/host_name.hpp>
#include <boost/asio/this_coro.hpp>
#include <deque>
#include <exception>
#include <optional>
#include <utility>

namespace surged::io::smtp {
namespace net = boost::asio;
namespace {

constexpr Micros farewell{1s};               // for the answer to QUIT: the mail is settled
constexpr std::size_t remembered_max = 256;  // pages of which a part has been delivered

/// What EHLO says: a server that logs it finds us by it.
std::string machine_name() {
    boost::system::error_code ec;
    std::string name = net::ip::host_name(ec);
    return ec || name.empty() ? "localhost" : name;
}

}  // namespace

struct SmtpChannel::State {
    /// A page that some of its recipients have: the next attempt must not repeat it to them.
    struct Part {
        std::string page;
        std::vector<std::string> done;
    };
    SmtpOptions options;
    std::optional<net::ssl::context> trust;  // made at the first use: reading the roots is slow
    std::deque<Part> parts;

    void leave_out_done(const std::string& page, std::vector<std::string>& to) const {
        for (const Part& part : parts)
            if (part.page == page)
                std::erase_if(to, [&](const std::string& one) {
                    return std::find(part.done.begin(), part.done.end(), one) != part.done.end();
                });
    }

    void remember(const std::string& page, const std::vector<std::string>& done, bool again) {
        if (done.empty()) return;
        if (!again) {
            std::erase_if(parts, [&](const Part& part) { return part.page == page; });
            return;
        }
        parts.push_back({page, done});
        if (parts.size() > remembered_max) parts.pop_front();
    }

    [[nodiscard]] Envelope envelope(const delivery::Page& page) const {
        Envelope out;
        out.from = options.from.address;
        out.to = recipients_of(page.to);
        Frame frame;
        frame.from = options.from;
        frame.to = out.to;
        if (options.link) frame.link = options.link(page);
        if (options.root) frame.root = options.root(page);
        out.message = encode_message(page, frame);
        leave_out_done(page.id, out.to);
        return out;
    }

    [[nodiscard]] net::ssl::context* context(std::string& why) {
        if (trust) return &*trust;
        auto made = client_tls(options.ca_file);
        if (!made) {
            why = made.error().what;
            return nullptr;
        }
        return &trust.emplace(std::move(*made));
    }

    net::awaitable<void> lead(Dialogue* dialogue);
    net::awaitable<std::string> secure(Wire* wire);
};

net::awaitable<std::string> SmtpChannel::State::secure(Wire* wire) {
    std::string why;
    net::ssl::context* const roots = context(why);
    if (roots != nullptr) why = co_await wire->secure(roots, options.host);
    co_return why;
}

// By pointer: the caller's own, and it awaits the end.
net::awaitable<void> SmtpChannel::State::lead(Dialogue* dialogue) {
    const auto executor = co_await net::this_coro::executor;
    Wire wire{executor, options.timeout};
    std::string pending;
    std::string wrong = co_await wire.open(options.host, options.port);
    if (!wrong.empty()) co_return dialogue->lost("connecting: " + wrong);
    Action action = dialogue->begin();
    while (action.kind != Action::Kind::end) {
        if (action.kind == Action::Kind::secure) {
            pending.clear();  // what was slipped in before the handshake is nobody's word
            wrong = co_await secure(&wire);
            if (!wrong.empty()) co_return dialogue->lost(wrong);
            action = dialogue->secured();
            continue;
        }
        if (!action.bytes.empty()) {
            wrong = co_await wire.write(action.bytes);
            // Not all of it has left, so the final dot has not either.
            if (!wrong.empty()) co_return dialogue->lost_unsent(wrong);
        }
        auto reply = take_reply(pending);
        while (reply && !*reply) {
            wrong = co_await wire.read(&pending);
            reply = take_reply(pending);
            const bool incomplete = reply && !*reply;
            if (!wrong.empty() && incomplete) co_return dialogue->lost(wrong);
        }
        if (!reply) co_return dialogue->lost(reply.error());
        action = dialogue->replied(**reply);
    }
    wire.hurry(farewell);
    wrong = co_await wire.write(action.bytes);
    if (wrong.empty()) wrong = co_await wire.read(&pending);
}

SmtpChannel::SmtpChannel(SmtpOptions options) : state_{std::make_unique<State>()} {
    state_->options = std::move(options);
    std::string& helo = state_->options.account.helo;
    if (helo.empty()) helo = machine_name();
}

SmtpChannel::~SmtpChannel() = default;

net::awaitable<engine::Receipt> SmtpChannel::deliver(delivery::Page page) {
    engine::Receipt receipt;
    std::string thrown;
    Envelope envelope = state_->envelope(page);
    const std::vector<std::string> to = envelope.to;
    if (recipients_of(page.to).empty()) {
        receipt.outcome = delivery::Outcome::bad_message;
        receipt.detail = page.to.empty() ? "no address to send it to" : "`to` is not an address";
    } else {
        Dialogue dialogue{state_->options.account, std::move(envelope)};
        try {
            co_await state_->lead(&dialogue);
        } catch (const std::exception& e) {
            thrown = e.what();
        }
        if (!thrown.empty()) dialogue.lost(thrown);
        receipt = dialogue.outcome();
        // Nobody is left who could still get it, and somebody has it.
        const bool all_settled = receipt.outcome == delivery::Outcome::bad_message &&
                                 to.size() < recipients_of(page.to).size();
        if (all_settled) receipt.outcome = delivery::Outcome::accepted;
        const bool again = receipt.outcome != delivery::Outcome::accepted;
        state_->remember(page.id, dialogue.delivered(), again);
    }
    receipt.page = page.id;
    receipt.attempt = page.attempts;
    co_return receipt;
}

}  // namespace surged::io::smtp
