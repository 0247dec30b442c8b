<?php
/**
 * A gateway for tests.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use WP_Error;

/**
 * Stands between WordPress and the network: gives the scripted answers in turn, and refuses every request beyond them.
 */
final class Fake_Gateway {

	public const URL    = 'https://gw.example';
	public const SITE   = 'site_1';
	public const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

	/**
	 * What was asked: method, url, headers, body.
	 *
	 * @var array[]
	 */
	public array $requests = array();

	private array $script = array();

	public static function key( string $url = self::URL ): string {
		$json = wp_json_encode(
			array(
				'url'    => $url,
				'site'   => self::SITE,
				'secret' => self::SECRET,
			)
		);
		return 'gwc_' . rtrim( strtr( base64_encode( $json ), '+/', '-_' ), '=' );
	}

	public function start(): void {
		add_filter( 'pre_http_request', array( $this, 'answer' ), 10, 3 );
	}

	public function stop(): void {
		remove_filter( 'pre_http_request', array( $this, 'answer' ) );
	}

	/**
	 * Scripts the next answer.
	 *
	 * @param int|WP_Error   $status  Status, or the lack of an answer.
	 * @param array|callable $json    The body, or what makes it from the request's body.
	 * @param array          $headers The headers.
	 */
	public function then( $status, $json = array(), array $headers = array() ): void {
		$this->script[] = array( $status, $json, $headers );
	}

	/**
	 * Scripts the next answer to a batch: this status for each item.
	 */
	public function then_items( int $status, array $problem = array() ): void {
		$this->then(
			200,
			static function ( array $request ) use ( $status, $problem ): array {
				$results = array();
				foreach ( $request['items'] as $item ) {
					$results[] = array(
						'key'     => $item['key'],
						'status'  => $status,
						'id'      => 'sub_' . $item['key'],
						'problem' => $problem,
					);
				}
				return array( 'results' => $results );
			}
		);
	}

	/**
	 * Scripts the site's name and lists.
	 *
	 * @param array<string,string> $names   Names of the lists by id.
	 * @param array<string,string> $headers Headers of the answer.
	 * @param array<string,string> $mailjet Ids at Mailjet by the list's id.
	 */
	public function then_lists(
		array $names = array( 'lst_1' => 'Newsletter' ),
		array $headers = array(),
		array $mailjet = array()
	): void {
		$items = array();
		foreach ( $names as $id => $name ) {
			$provider     = isset( $mailjet[ $id ] ) ? 'mailjet' : 'local';
			$providerList = $mailjet[ $id ] ?? null;
			$items[]      = compact( 'id', 'name', 'provider', 'providerList' );
		}
		$this->then(
			200,
			array(
				'site'  => array( 'name' => 'Test Shop' ),
				'items' => $items,
			),
			$headers
		);
	}

	/**
	 * The filter pre_http_request.
	 *
	 * @param mixed  $unused Not used.
	 * @param array  $args   The request.
	 * @param string $url    Its address.
	 */
	public function answer( $unused, array $args, string $url ) {
		$body             = is_array( $args['body'] ) ? http_build_query( $args['body'] ) : (string) $args['body'];
		$this->requests[] = array( 'url' => $url, 'body' => $body ) + $args;
		if ( array() === $this->script ) {
			return new WP_Error( 'unexpected', "No answer was scripted for {$url}." );
		}
		list( $status, $json, $headers ) = array_shift( $this->script );
		if ( is_wp_error( $status ) ) {
			return $status;
		}
		return array(
			'response' => array( 'code' => $status, 'message' => '' ),
			'headers'  => $headers,
			'body'     => (string) wp_json_encode( is_callable( $json ) ? $json( json_decode( $body, true ) ) : $json ),
			'cookies'  => array(),
		);
	}
}
