@echo off
rem Runs godwit from a release on Windows: ..\lib beside this folder.
rem   JAVA_HOME         the Java to use, 17 or later; else the one on the PATH
rem   GODWIT_JAVA_OPTS  more options for Java
setlocal
set "lib=%~dp0..\lib"
set "java=java"
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" set "java=%JAVA_HOME%\bin\java.exe"
set "jar="
for %%j in ("%lib%\godwit-cli-client-*.jar") do set "jar=%%~fj"
if not defined jar (
  echo godwit: expected lib beside "%~dp0" 1>&2
  echo try: unpack the release again 1>&2
  exit /b 1
)
"%java%" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto %GODWIT_JAVA_OPTS% -jar "%jar%" %*
exit /b %ERRORLEVEL%
