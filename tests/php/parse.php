<?php
/**
 * Parses every PHP file below the folders given: parse.php FOLDER... Prints what is wrong, or "all N files parse".
 */

$files  = 0;
$errors = 0;
foreach ( array_slice( $argv, 1 ) as $folder ) {
	foreach ( new RecursiveIteratorIterator( new RecursiveDirectoryIterator( $folder, FilesystemIterator::SKIP_DOTS ) ) as $file ) {
		if ( 'php' !== $file->getExtension() ) {
			continue;
		}
		++$files;
		try {
			token_get_all( file_get_contents( $file->getPathname() ), TOKEN_PARSE );
		} catch ( ParseError $error ) {
			++$errors;
			echo $file->getPathname(), ':', $error->getLine(), ': ', $error->getMessage(), "\n";
		}
	}
}
echo $errors > 0 || 0 === $files ? 'not all files parse' : "all {$files} files parse", "\n";
