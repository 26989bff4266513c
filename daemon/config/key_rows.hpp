// The rows of the key table that have a file of their own. Others see keys.hpp.
#pragma once

#include "config/keys.hpp"

#include <span>

namespace surged::config {

[[nodiscard]] std::span<const Key> source_keys();
[[nodiscard]] std::span<const Key> channel_keys();
[[nodiscard]] std::span<const Key> site_keys();
[[nodiscard]] std::span<const Key> roster_keys();
[[nodiscard]] std::span<const Key> plan_keys();
[[nodiscard]] std::span<const Key> playbook_keys();
[[nodiscard]] std::span<const Key> notice_keys();
[[nodiscard]] std::span<const Key> map_keys();
[[nodiscard]] std::span<const Key> test_keys();

}  // namespace surged::config
