# surged_unity(TARGETS target… ALONE source…): compiles sources in batches, each one translation unit,
# because headers are the better half of what a compiler reads. It halves a build of everything; who
# changes one file builds its batch again, so the tree to work in does without. Call it when all targets
# are there. Needs awk and bash.
#
# Which sources may stand together script/batches.awk tells, and script/batch writes the unit: with paths
# from the root of the project, so that a compiler cache serves every clone. ALONE are those, from that
# root, that may not be put together with others.
function(surged_unity)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "TARGETS;ALONE")
  set(units "")
  set(commands "")
  foreach(target IN LISTS arg_TARGETS)
    get_target_property(sources ${target} SOURCES)
    get_target_property(folder ${target} SOURCE_DIR)
    foreach(source IN LISTS sources)
      cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${folder} OUTPUT_VARIABLE path)
      cmake_path(IS_PREFIX PROJECT_BINARY_DIR ${path} generated)
      cmake_path(RELATIVE_PATH path BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE unit)
      if(generated OR NOT unit MATCHES "\\.cpp$" OR unit IN_LIST arg_ALONE OR DEFINED target_of_${unit})
        continue()
      endif()
      set(target_of_${unit} ${target})
      set(source_of_${unit} ${source})
      set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
      string(APPEND units "${unit}\n")
      string(APPEND commands "${unit}\t${target}\n")
    endforeach()
  endforeach()

  set(scratch ${PROJECT_BINARY_DIR}/unity)
  file(WRITE ${scratch}/units "${units}")
  file(WRITE ${scratch}/commands "${commands}")
  set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/script/batches.awk ${PROJECT_SOURCE_DIR}/script/batch)
  execute_process(
    COMMAND awk -v most=40 -f script/batches.awk ${scratch}/commands ${scratch}/units
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE batches COMMAND_ERROR_IS_FATAL ANY)
  string(STRIP "${batches}" batches)
  string(REPLACE "\n" ";" batches "${batches}")
  set(names "")
  foreach(batch IN LISTS batches)
    separate_arguments(batch UNIX_COMMAND "${batch}")
    list(LENGTH batch length)
    if(length EQUAL 2)
      continue()
    endif()
    execute_process(
      COMMAND ${PROJECT_SOURCE_DIR}/script/batch ${batch}
      OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
    list(POP_FRONT batch)
    list(GET batch 0 first)
    set(target ${target_of_${first}})
    string(MAKE_C_IDENTIFIER ${first} name)  # so that a new batch leaves the others theirs
    if(name IN_LIST names)
      message(FATAL_ERROR "two batches are called ${name}: rename ${first}")
    endif()
    list(APPEND names ${name})
    set(file ${scratch}/${name}.cpp)
    file(CONFIGURE OUTPUT ${file} CONTENT "${text}" @ONLY)
    get_target_property(sources ${target} SOURCES)
    foreach(unit IN LISTS batch)
      list(REMOVE_ITEM sources ${source_of_${unit}})
    endforeach()
    set_target_properties(${target} PROPERTIES SOURCES "${sources};${file}")
    set_source_files_properties(${file} TARGET_DIRECTORY ${target}
      PROPERTIES INCLUDE_DIRECTORIES ${PROJECT_SOURCE_DIR})
  endforeach()
endfunction()
