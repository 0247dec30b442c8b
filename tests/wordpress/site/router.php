<?php
/**
 * Router for PHP's own server: files and scripts as they are, everything else to WordPress.
 */

// The database and the log lie below the site.
$path = rawurldecode( (string) parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) );
if ( preg_match( '~^/wp-content/(database/|debug\.log|test-)~', $path ) ) {
	http_response_code( 404 );
	return true;
}

$file = $_SERVER['DOCUMENT_ROOT'] . $path;
if ( is_file( $file ) || is_file( rtrim( $file, '/' ) . '/index.php' ) && '/' !== $path ) {
	return false;
}

$_SERVER['SCRIPT_NAME'] = '/index.php';
$_SERVER['PHP_SELF']    = '/index.php';
require $_SERVER['DOCUMENT_ROOT'] . '/index.php';
