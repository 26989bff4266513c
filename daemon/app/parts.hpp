// From checked configuration to the parts that run: what config/ calls a channel becomes one of
// io's. (config and io do not know each other.)
#pragma once

#include "app/courier.hpp"
#include "app/live.hpp"
#include "app/sequencer.hpp"
#include "base/error.hpp"
#include "config/daemon.hpp"
#include "io/ack/links.hpp"
#include "io/api/server.hpp"
#include "io/source/source.hpp"
#include "store/housekeeper.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>

namespace surged::app {

[[nodiscard]] Clock shell_clock();
/// The engine as it stands; nullptr before there is one. On the loop.
using EngineOf = std::function<const engine::Engine*()>;
/// `links`: where pages are acknowledged; each channel that can carry a link asks it.
[[nodiscard]] Result<Channels> make_channels(
    boost::asio::any_io_executor loop,
    const config::Daemon& config,
    std::shared_ptr<const io::ack::Links> links,
    EngineOf engine_of
);
[[nodiscard]] Result<io::ApiOptions> api_options(
    const config::Daemon& config, const Live& live, std::shared_ptr<const io::ack::Links> links
);
/// The feed that `source` describes, with its sink in `live`; not running yet. One that is posted
/// to is entered in `hooks`.
[[nodiscard]] Result<std::unique_ptr<io::Source>> make_source(
    const config::Source& source,
    const config::Daemon& config,
    Live& live,
    io::hook::Hooks& hooks,
    boost::asio::any_io_executor loop
);
/// Checkpoints, retention and snapshots on the housekeeping thread; a snapshot whose effect hash
/// differs from the live one is told to `live`.
[[nodiscard]] std::unique_ptr<store::Housekeeper> make_keeper(
    const store::Options& where,
    const config::Store& config,
    Live& live,
    boost::asio::any_io_executor loop
);

/// The secret in `file`; "" where none is named.
[[nodiscard]] Result<std::string> secret_or_none(const std::string& file);
/// A caller's number becomes an opaque name, or nothing where the site's rules say drop.
[[nodiscard]] std::function<std::string(std::string_view, std::string_view)> caller_hash(
    std::string site_key, const Live& live
);
/// The site key under `store`, made at the first start (0600).
[[nodiscard]] Result<std::string> site_key(const std::string& store_path);

}  // namespace surged::app
