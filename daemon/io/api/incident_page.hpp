// The page behind the link of an incident: how it stands, for who may read it; read only. Pure.
#pragma once

#include "core/engine/engine.hpp"
#include "io/http/message.hpp"

#include <string>

namespace surged::io::api {

/// The first of Chinese and English that the browser asks for, by ?lang= or Accept-Language.
[[nodiscard]] plan::Language language_of(const http::Request& request, plan::Language otherwise);

/// Values against thresholds, since when, who was paged and who answered, the steps. 404 if it is
/// not known.
[[nodiscard]] http::Response incident_page(
    const engine::Engine& engine, const std::string& id, plan::Language language
);

/// For who may not read: how to, and nothing of the incident, not even whether it exists.
/// `refusal`: what the API would answer; its status and challenge are kept.
[[nodiscard]] http::Response incident_page_refused(
    const http::Response& refusal, const std::string& id, plan::Language language
);

}  // namespace surged::io::api
