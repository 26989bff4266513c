// Every path of the API: what it is for, who may, what goes in and comes out.
//
// The server routes only what stands here, and the OpenAPI document is made of it: neither can say
// what the other does not.
#pragma once

#include "io/api/auth.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace surged::io::api {

struct RouteRow {
    std::string_view method, path;
    std::optional<Right> right;  // none: needs no token
    std::string_view summary;
    std::string_view query;   // names of parameters, by blanks; ! behind one that is needed
    std::string_view body;    // schema of the request; empty: none; "text …": a media type
    std::string_view answer;  // schema of 200, or a media type
    std::string_view others;  // further codes, by blanks
};
[[nodiscard]] std::span<const RouteRow> route_table();
/// nullptr: there is no such route.
[[nodiscard]] const RouteRow* route_row(std::string_view method, std::string_view path);

/// A member of a schema. `type`: string, number, integer, boolean, time, level, any, or a schema's
/// name; […]: a list of them; {…}: a map to them; ? behind it: or null; * behind it: may be left
/// out.
struct MemberRow {
    std::string_view schema, name, type, text;
};
[[nodiscard]] std::span<const MemberRow> member_table();

}  // namespace surged::io::api
