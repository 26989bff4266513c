#include "app/cli/language.hpp"

#include <cstdlib>

namespace surged::app::cli {

plan::Language language_for(const std::string& wanted) {
    if (!wanted.empty()) return wanted == "en" ? plan::Language::en : plan::Language::zh_cn;
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* value = std::getenv(name);
        if (value != nullptr && *value != '\0') return language_of_locale(value);
    }
    return plan::Language::en;
}

plan::Language language_of_locale(std::string_view locale) {
    return locale.starts_with("zh") ? plan::Language::zh_cn : plan::Language::en;
}

}  // namespace surged::app::cli
