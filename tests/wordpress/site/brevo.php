<?php
/**
 * Plugin Name: Brevo for tests
 * Description: Answers Contact Form 7's Brevo module, and writes down what it was asked, one line of JSON for each.
 */

add_filter(
	'pre_http_request',
	static function ( $answer, $args, $url ) {
		if ( ! str_starts_with( $url, 'https://api.sendinblue.com/' ) ) {
			return $answer;
		}
		$call = wp_json_encode( array( $args['method'], $url, json_decode( $args['body'], true ) ) );
		file_put_contents( WP_CONTENT_DIR . '/brevo.jsonl', $call . "\n", FILE_APPEND );
		$created = array( 'code' => 201, 'message' => 'Created' );
		return array( 'response' => $created, 'headers' => array(), 'body' => '{"id":1}', 'cookies' => array() );
	},
	10,
	3
);
