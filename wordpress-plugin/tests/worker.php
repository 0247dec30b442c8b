<?php
/**
 * Sends until nothing is due, to a gateway that writes the keys it receives into a file: one of several workers at once.
 * Prints the most memory and the most seconds that a run took.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

require __DIR__ . '/load-wordpress.php';
require __DIR__ . '/class-fake-gateway.php';

use Gateway_Connector\Error_Message;
use Gateway_Connector\Gateway_Client;
use Gateway_Connector\Sender;
use Gateway_Connector\Settings;
use Gateway_Connector\Spool;
use Gateway_Connector\Spool_Records;
use Gateway_Connector\Submission_Payload;

global $wpdb;
$spool    = new Spool( $wpdb );
$records  = new Spool_Records( $wpdb, $spool );
$settings = new Settings();
$payloads = array( new Submission_Payload() );
$sender   = new Sender( $settings, $spool, new Gateway_Client( $settings ), $payloads, array( Error_Message::class, 'of' ) );

add_filter(
	'pre_http_request',
	static function ( $unused, array $args ) use ( $argv ): array {
		$results = array();
		foreach ( json_decode( $args['body'], true )['items'] as $item ) {
			file_put_contents( $argv[1], $item['key'] . "\n", FILE_APPEND );
			$results[] = array(
				'key'    => $item['key'],
				'status' => 202,
				'id'     => 'sub_1',
			);
		}
		return array(
			'response' => array( 'code' => 200 ),
			'headers'  => array(),
			'body'     => wp_json_encode( array( 'results' => $results ) ),
		);
	},
	10,
	2
);

echo "ready\n";
fgets( STDIN ); // All begin together.
$end  = microtime( true ) + 120;
$max = 0;
do {
	$began = microtime( true );
	$sender->run();
	$max = max( $max, microtime( true ) - $began );
} while ( $records->counts()[ Spool::WAITING ] > 0 && microtime( true ) < $end );
echo memory_get_peak_usage(), ' ', (int) ceil( $max ), "\n";
