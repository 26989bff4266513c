// The board at this scrape. Nothing is kept between scrapes, so that a queue that is gone leaves no
// series behind. A figure without a value is NaN.
#pragma once

#include "core/board/view.hpp"
#include "io/exporter/text.hpp"

#include <string_view>

namespace surged::io::exporter {

void board_metrics(Text& out, const board::View& view, std::string_view site);

}  // namespace surged::io::exporter
