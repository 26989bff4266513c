#include "app/cli/completion.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace surged::app::cli {
namespace {

/// A command with the words that lead to it, and every option that holds there.
struct Node {
    std::string path;  // "surgectl incident list"
    const Command* command;
    std::vector<const Option*> options;  // its own, then those of the commands around it
};

bool shares_name(const Option& a, const Option& b) {
    return std::find_first_of(a.names.begin(), a.names.end(), b.names.begin(), b.names.end()) !=
           a.names.end();
}

void flatten(const Command& command, const Node* around, std::vector<Node>& out) {
    Node node{around == nullptr ? command.name : around->path + " " + command.name, &command, {}};
    for (const Option& option : command.options) node.options.push_back(&option);
    const auto hidden = [&](const Option* outer) {
        return std::any_of(command.options.begin(), command.options.end(), [&](const Option& own) {
            return shares_name(own, *outer);
        });
    };
    if (around != nullptr)
        for (const Option* outer : around->options)
            if (!hidden(outer)) node.options.push_back(outer);
    out.push_back(node);
    for (const Command& below : command.commands) flatten(below, &node, out);
}

std::vector<Node> nodes_of(const Command& program) {
    std::vector<Node> out;
    flatten(program, nullptr, out);
    return out;
}

/// In single quotes; within them the only sign that means something to bash and zsh is the quote.
std::string quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
    return out + "'";
}

std::string quoted_for_fish(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

std::string joined(const std::vector<std::string>& words) {
    return fmt::format("{}", fmt::join(words, " "));
}

/// Shell patterns 'path word' | … for every command, or option with a value, that can come next.
struct Patterns {
    std::string commands, values;
};

Patterns patterns_of(const std::vector<Node>& nodes) {
    std::vector<std::string> commands, values;
    for (const Node& node : nodes) {
        for (const Command& below : node.command->commands)
            commands.push_back(quoted(node.path + " " + below.name));
        for (const Option* option : node.options)
            if (option->takes != Takes::nothing)
                for (const std::string& name : option->names)
                    values.push_back(quoted(node.path + " " + name));
    }
    if (commands.empty()) commands.emplace_back("''");  // matches nothing: every word has a path
    if (values.empty()) values.emplace_back("''");
    return {fmt::format("{}", fmt::join(commands, "|")), fmt::format("{}", fmt::join(values, "|"))};
}

/// Replaces each `@NAME@` of a template by its text.
std::string filled(
    std::string text, const std::vector<std::pair<std::string_view, std::string>>& with
) {
    for (const auto& [name, value] : with)
        for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos;
             at += value.size())
            text.replace(at, name.size(), value);
    return text;
}

// bash hands `--output=json` over as three words; hence the `=`.
constexpr std::string_view bash_script = R"(# bash completion for @program@; it printed this itself
_@program@() {
    local at='@program@' pending='' cur=${COMP_WORDS[COMP_CWORD]} word i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        [ "$word" != = ] || continue
        if [ -n "$pending" ]; then
            pending=
            continue
        fi
        case "$at $word" in
            @commands@) at="$at $word" ;;
            @values@) pending=$word ;;
        esac
    done
    [ "$cur" != = ] || cur=
    if [ -n "$pending" ]; then
        case "$at $pending" in
@value_cases@            *) ;;
        esac
        return
    fi
    case "$at" in
@word_cases@    esac
}
complete -F _@program@ @program@
)";

std::string bash_value(const Option& option) {
    switch (option.takes) {
        case Takes::choice:
            return fmt::format(
                R"(mapfile -t COMPREPLY < <(compgen -W {} -- "$cur"))",
                quoted(joined(option.choices))
            );
        case Takes::file:
            return R"(mapfile -t COMPREPLY < <(compgen -f -- "$cur")
                compopt -o filenames 2>/dev/null)";
        case Takes::folder:
            return R"(mapfile -t COMPREPLY < <(compgen -d -- "$cur")
                compopt -o filenames 2>/dev/null)";
        case Takes::nothing:
        case Takes::text:
            break;
    }
    return "";
}

std::string bash_words(const Node& node) {
    std::string options, commands;
    for (const Option* option : node.options) options += joined(option->names) + " ";
    for (const Command& below : node.command->commands) commands += below.name + " ";
    std::string plain =
        commands.empty()
            ? ""
            : fmt::format(R"(mapfile -t COMPREPLY < <(compgen -W {} -- "$cur"))", quoted(commands));
    for (const Option& argument : node.command->arguments)
        if (plain.empty()) plain = bash_value(argument);
    const std::string dashed =
        fmt::format(R"(mapfile -t COMPREPLY < <(compgen -W {} -- "$cur"))", quoted(options));
    return fmt::format(
        "        {})\n"
        "            case \"$cur\" in\n"
        "                -*) {} ;;\n"
        "                *) {} ;;\n"
        "            esac\n"
        "            ;;\n",
        quoted(node.path),
        dashed,
        plain.empty() ? dashed : plain
    );
}

std::string bash(const std::string& program, const std::vector<Node>& nodes) {
    std::string values, words;
    for (const Node& node : nodes) {
        for (const Option* option : node.options)
            for (const std::string& name : option->names)
                if (const std::string value = bash_value(*option); !value.empty())
                    values += fmt::format(
                        "            {}) {} ;;\n", quoted(node.path + " " + name), value
                    );
        words += bash_words(node);
    }
    const Patterns patterns = patterns_of(nodes);
    return filled(
        std::string{
            bash_script
    },
        {{"@program@", program},
         {"@commands@", patterns.commands},
         {"@values@", patterns.values},
         {"@value_cases@", values},
         {"@word_cases@", words}}
    );
}

constexpr std::string_view zsh_script = R"(#compdef @program@
# zsh completion for @program@; it printed this itself
_@program@() {
    local at='@program@' pending='' word i
    local -a offered
    for ((i = 2; i < CURRENT; i++)); do
        word=${words[i]}
        if [[ -n $pending ]]; then
            pending=
            continue
        fi
        case "$at $word" in
            (@commands@) at="$at $word" ;;
            (@values@) pending=$word ;;
        esac
    done
    if [[ -z $pending && ${words[CURRENT]} == --*=* ]]; then
        pending=${words[CURRENT]%%=*}
        compset -P '*='
    fi
    if [[ -n $pending ]]; then
        case "$at $pending" in
@value_cases@            (*) _message value ;;
        esac
        return
    fi
    case "$at" in
@word_cases@    esac
}
if [[ ${funcstack[1]} == _@program@ ]]; then
    _@program@ "$@"
else
    compdef _@program@ @program@
fi
)";

std::string zsh_value(const Option& option) {
    switch (option.takes) {
        case Takes::choice:
            return fmt::format("offered=({}); _describe value offered", joined(option.choices));
        case Takes::file:
            return "_files";
        case Takes::folder:
            return "_files -/";
        case Takes::nothing:
        case Takes::text:
            break;
    }
    return "";
}

std::string zsh_words(const Node& node) {
    std::string out = fmt::format("        ({})\n", quoted(node.path));
    const auto describe = [&](std::string_view how, const std::string& words) {
        if (!words.empty())
            out += fmt::format(
                "            offered=({})\n            _describe {} offered\n", words, how
            );
    };
    std::string commands, options;
    for (const Command& below : node.command->commands)
        commands += quoted(below.name + ":" + below.help) + " ";
    for (const Option* option : node.options)
        for (const std::string& name : option->names)
            options += quoted(name + ":" + option->help) + " ";
    describe("command", commands);
    for (const Option& argument : node.command->arguments)
        if (const std::string value = zsh_value(argument); !value.empty())
            out += "            " + value + "\n";
    describe("-o option", options);
    return out + "            ;;\n";
}

std::string zsh(const std::string& program, const std::vector<Node>& nodes) {
    std::string values, words;
    for (const Node& node : nodes) {
        for (const Option* option : node.options)
            for (const std::string& name : option->names)
                if (const std::string value = zsh_value(*option); !value.empty())
                    values += fmt::format(
                        "            ({}) {} ;;\n", quoted(node.path + " " + name), value
                    );
        words += zsh_words(node);
    }
    const Patterns patterns = patterns_of(nodes);
    return filled(
        std::string{
            zsh_script
    },
        {{"@program@", program},
         {"@commands@", patterns.commands},
         {"@values@", patterns.values},
         {"@value_cases@", values},
         {"@word_cases@", words}}
    );
}

constexpr std::string_view fish_script = R"(# fish completion for @program@; it printed this itself
function __@program@_at --description 'the words so far lead to this command'
    set -l at '@program@'
    set -l pending
    for word in (commandline -opc)[2..-1]
        if set -q pending[1]
            set -e pending[1]
            continue
        end
        switch "$at $word"
            case @commands@
                set at "$at $word"
            case @values@
                set pending $word
        end
    end
    test "$at" = "$argv"
end
complete -c @program@ -f
)";

std::string fish_option(const std::string& head, const Option& option) {
    std::string out = head;
    for (const std::string& name : option.names)
        out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    switch (option.takes) {
        case Takes::nothing:
            break;
        case Takes::text:
            out += " -x";
            break;
        case Takes::file:
            out += " -r -F";
            break;
        case Takes::folder:
            out += " -x -a '(__fish_complete_directories)'";
            break;
        case Takes::choice:
            out += " -x -a " + quoted_for_fish(joined(option.choices));
            break;
    }
    return out + " -d " + quoted_for_fish(option.help) + "\n";
}

std::string fish(const std::string& program, const std::vector<Node>& nodes) {
    Patterns patterns = patterns_of(nodes);
    for (std::string* each : {&patterns.commands, &patterns.values})
        std::replace(each->begin(), each->end(), '|', ' ');
    std::string out = filled(
        std::string{
            fish_script
    },
        {{"@program@", program}, {"@commands@", patterns.commands}, {"@values@", patterns.values}}
    );
    for (const Node& node : nodes) {
        const std::string head =
            fmt::format("complete -c {} -n '__{}_at {}'", program, program, node.path);
        for (const Command& below : node.command->commands)
            out += fmt::format("{} -a {} -d {}\n", head, below.name, quoted_for_fish(below.help));
        for (const Option& argument : node.command->arguments) {
            if (argument.takes == Takes::choice)
                out += head + " -a " + quoted_for_fish(joined(argument.choices)) + "\n";
            if (argument.takes == Takes::file) out += head + " -F\n";
            if (argument.takes == Takes::folder)
                out += head + " -a '(__fish_complete_directories)'\n";
        }
        for (const Option* option : node.options) out += fish_option(head, *option);
    }
    return out;
}

}  // namespace

const std::vector<std::string>& shells() {
    static const std::vector<std::string> all{"bash", "zsh", "fish"};
    return all;
}

std::string completion(const Command& program, const std::string& shell) {
    const std::vector<Node> nodes = nodes_of(program);
    if (shell == "bash") return bash(program.name, nodes);
    if (shell == "zsh") return zsh(program.name, nodes);
    SURGED_ASSERT(shell == "fish");
    return fish(program.name, nodes);
}

}  // namespace surged::app::cli
