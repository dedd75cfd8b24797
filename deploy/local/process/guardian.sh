#!/bin/sh
# Waits for the end of its standard input, which is the death of its owner, and then ends the owner's children and
# removes its temporary folders. Told of them by lines: add PID SIGNAL SECONDS, remove PID, path FOLDER.
# A shell, because one of these stands beside every process that starts others, and must not cost anything.
trap '' INT TERM HUP
children=

while read -r word first signal seconds; do
  case $word in
    add) children="$first:$signal:$seconds $children" ;;
    remove)
      left=
      for child in $children; do
        [ "${child%%:*}" = "$first" ] || left="$left $child"
      done
      children=$left
      ;;
    path) set -- "$@" "$first${signal:+ $signal}${seconds:+ $seconds}" ;;
  esac
done

for child in $children; do
  rest=${child#*:}
  kill -s "${rest%%:*}" "${child%%:*}" 2>/dev/null
done

tenths=0
while [ -n "$children" ]; do
  left=
  for child in $children; do
    pid=${child%%:*}
    if ! kill -0 "$pid" 2>/dev/null; then
      kill -s KILL -- "-$pid" 2>/dev/null
    elif [ "$tenths" -ge "$((${child##*:} * 10))" ]; then
      kill -s KILL -- "-$pid" 2>/dev/null
    else
      left="$left $child"
    fi
  done
  children=$left
  [ -n "$children" ] && sleep 0.1
  tenths=$((tenths + 1))
done

for folder in "$@"; do
  rm -rf -- "$folder"
done
