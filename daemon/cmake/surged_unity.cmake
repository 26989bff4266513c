# surged_unity(TARGETS target… ALONE source…): compiles sources in batches, each one translation unit,
# because headers are the better half of what a compiler reads. It halves a build of everything; who
# changes one file builds its batch again, so the tree to work in does without. Call it when all targets
# are there. Needs awk.
#
# Which sources may stand together script/batches.awk tells. ALONE are those, from the root of the
# project, that it may not put together with others.
function(surged_unity)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "TARGETS;ALONE")
  set(seen "")
  set(units "")
  set(commands "")
  foreach(target IN LISTS arg_TARGETS)
    get_target_property(sources ${target} SOURCES)
    get_target_property(folder ${target} SOURCE_DIR)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    foreach(source IN LISTS sources)
      cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${folder})
      cmake_path(IS_PREFIX PROJECT_BINARY_DIR ${source} generated)
      cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE unit)
      if(generated OR NOT unit MATCHES "\\.cpp$" OR unit IN_LIST arg_ALONE OR unit IN_LIST seen)
        continue()
      endif()
      list(APPEND seen ${unit})
      set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
      string(APPEND units "${unit}\n")
      string(APPEND commands "${unit}\t${target}\n")
    endforeach()
  endforeach()

  set(scratch ${PROJECT_BINARY_DIR}/unity)
  file(WRITE ${scratch}/units "${units}")
  file(WRITE ${scratch}/commands "${commands}")
  execute_process(
    COMMAND awk -v most=8 -f script/batches.awk ${scratch}/commands ${scratch}/units
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE batches COMMAND_ERROR_IS_FATAL ANY)
  string(STRIP "${batches}" batches)
  string(REPLACE "\n" ";" batches "${batches}")
  foreach(batch IN LISTS batches)
    separate_arguments(members UNIX_COMMAND "${batch}")
    list(GET members 0 first)
    string(MAKE_C_IDENTIFIER ${first} name)  # so that a new batch leaves the others theirs
    list(TRANSFORM members PREPEND ${PROJECT_SOURCE_DIR}/)
    string(REGEX REPLACE "/.*" "" folder ${first})
    set_source_files_properties(${members} DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}
      PROPERTIES UNITY_GROUP ${name})
  endforeach()
endfunction()
