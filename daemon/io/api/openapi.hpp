// The OpenAPI 3.1 document of the API, made of the route table.
#pragma once

#include <string>

namespace surged::io::api {

/// JSON, indented; the same for everybody.
[[nodiscard]] std::string openapi();

}  // namespace surged::io::api
