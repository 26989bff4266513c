# Which units may stand in one translation unit, for script/lint and for builds with SURGED_UNITY. Reads two
# lists and the units themselves, prints the batches, one a line: how its units stand together and the units,
# between blanks. script/batch makes the text of it.
#
#   awk -v most=N -f script/batches.awk COMMANDS UNITS
#
# COMMANDS: `unit<TAB>command`; only units with the same command and the same first folder share a batch.
# UNITS: those wanted, one a line; neighbours share headers, so they are kept together.
#
# A unit that adds to no namespace of a name and offers C nothing, as a test does, is put into one made for
# it (`apart`) and disturbs nobody. Of the others (`beside`) what one calls its own must mean nothing to
# another: no two of a batch declare the same name at the left edge of the same namespace (there the
# anonymous namespaces stand), and a type or a value that one declares there is not a word of another that
# sees it. Who asks the preprocessor for more than files, or opens two namespaces, stands `alone`. What slips
# through the compiler tells: script/lint parts that batch, and where SURGED_UNITY is set one of the two names
# is to be changed, or its unit to stand ALONE (CMakeLists.txt).

function read_unit(unit,    line, head, name, where, parts) {
    opened = ""
    home = ""
    where = ""
    kind = "apart"
    split("", declared); split("", owned); split("", words)
    while ((getline line < unit) > 0) {
        if (line ~ /^#(define|if)/) kind = "alone"
        if (kind == "apart" && line ~ /^(int main\(|extern "C"|[a-z][^(=]* surged::[A-Za-z_:]+\()/) kind = "beside"
        if (line ~ /^namespace [a-z_0-9:]+ \{/) {
            split(line, parts, " ")
            where = parts[2]
            if (home != "" && home != where) kind = "alone"
            else if (kind == "apart") kind = "beside"
            home = where
        } else if (line ~ /^}.*\/\/ namespace [a-z]/) {
            where = ""
        } else if (line ~ /^using (namespace|enum)/) {
            # What is opened for one is open to all of a batch.
            if (line !~ / (surged|std::chrono_literals);/) opened = opened " " line
        } else if (line ~ /^using [A-Za-z_0-9:]+;/) {
            match(line, /[A-Za-z_0-9]+;/)
            owned[substr(line, RSTART, RLENGTH - 1)] = line  # others may borrow it, too, from the same place
        } else if (line ~ /^[A-Za-z]/ && line !~ /^(namespace|template|static_assert|extern "C")/) {
            head = line
            sub(/[({;=].*/, "", head)
            sub(/\[[^]]*\] *$/, "", head)
            sub(/^(enum class|enum|struct|class|using|concept) +/, "", head)
            sub(/ *(final)?( *: .*)?[ \[]*$/, "", head)
            if (match(head, /[A-Za-z_0-9]+$/)) {
                name = substr(head, RSTART)
                if (head ~ /::[a-z_0-9]+$/) declared[where, substr(head, match(head, /[A-Za-z_0-9:]+$/))]
                else if (name !~ /^[A-Z0-9_]+$/) {
                    declared[where, name]
                    if (line !~ /^[^=]*\(/) owned[name] = unit
                }
            }
        }
        sub(/\/\/.*/, "", line)
        gsub(/"([^"\\]|\\.)*"/, "", line)
        while (match(line, /[A-Za-z_][A-Za-z_0-9]*/)) {
            words[substr(line, RSTART, RLENGTH)]
            line = substr(line, RSTART + RLENGTH)
        }
    }
    close(unit)
}
function sees(inner, outer) { return outer == "" || index(inner "::", outer "::") == 1 }
function same(batch, place, name) {
    return name in owned && (batch, place, name) in all_owned && all_owned[batch, place, name] == owned[name]
}
function fits(batch,    name, i, place) {
    if (size[batch] >= most) return 0
    if (kind == "apart") return 1
    for (name in declared) if ((batch, name) in all_declared) return 0
    for (i = 1; i <= homes[batch]; i++) {
        place = home_of[batch, i]
        if (sees(place, home))
            for (name in owned) if ((batch, place, name) in all_words && !same(batch, place, name)) return 0
        if (sees(home, place))
            for (name in words) if ((batch, place, name) in all_owned && !same(batch, place, name)) return 0
    }
    return 1
}
FILENAME == ARGV[1] {
    at = index($0, "\t")
    command[substr($0, 1, at - 1)] = substr($0, at + 1)
    next
}
{
    unit = $0
    top = unit
    sub(/\/.*/, "", top)
    read_unit(unit)
    if (kind == "alone") {
        line_of[++batches] = kind " " unit
        next
    }
    group = top "\t" kind "\t" (kind == "apart" ? "" : opened) "\t" command[unit]
    chosen = 0
    for (i = 1; i <= count[group] && !chosen; i++) if (fits(batch_of[group, i])) chosen = batch_of[group, i]
    if (!chosen) {
        chosen = ++batches
        batch_of[group, ++count[group]] = chosen
        line_of[chosen] = kind
    }
    line_of[chosen] = line_of[chosen] " " unit
    ++size[chosen]
    if (!((chosen, home) in at_home)) { at_home[chosen, home]; home_of[chosen, ++homes[chosen]] = home }
    for (name in declared) all_declared[chosen, name]
    for (name in owned) all_owned[chosen, home, name] = owned[name]
    for (name in words) all_words[chosen, home, name]
}
END { for (i = 1; i <= batches; i++) print line_of[i] }
