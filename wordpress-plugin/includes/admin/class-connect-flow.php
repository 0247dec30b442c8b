<?php
/**
 * Connecting by one press.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Sends the owner to the gateway to choose their site, and takes the answer. The code in it passed through the browser; the key is fetched
 * by this server.
 */
final class Connect_Flow {

	public const ASK = 'gateway_connector_ask';

	private Settings $settings;

	private Gateway_Client $client;

	private Lists $lists;

	private Notices $notices;

	/**
	 * Checks a connection and says what was found.
	 *
	 * @var callable(Connection):bool
	 */
	private $report;

	public function __construct( Settings $settings, Gateway_Client $client, Lists $lists, Notices $notices, callable $report ) {
		$this->settings = $settings;
		$this->client   = $client;
		$this->lists    = $lists;
		$this->notices  = $notices;
		$this->report   = $report;
	}

	public function register(): void {
		add_action( 'admin_post_' . self::ASK, array( $this, 'ask' ) );
		add_action( 'load-toplevel_page_' . Settings_Page::SLUG, array( $this, 'take' ) );
	}

	/**
	 * Begins: leads to the gateway that was typed, if there is one.
	 */
	public function ask(): void {
		if ( ! current_user_can( Settings_Page::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'gateway-connector' ), '', 403 );
		}
		check_admin_referer( self::ASK );
		$address = Gateway_Address::from_typed( sanitize_text_field( Request::text( 'address' ) ) );
		if ( is_wp_error( $address ) ) {
			$this->end( 'error', $address->get_error_message() );
		}
		$host   = (string) wp_parse_url( $address, PHP_URL_HOST );
		$answer = $this->client->greet( $address );
		if ( 200 !== $answer->status || 'live' !== ( $answer->json['status'] ?? '' ) ) {
			$this->end( 'error', $this->no_gateway( $answer, $host ) );
		}
		$pending = Pending_Connection::begin( $address, Settings_Page::url() );
		add_filter( 'allowed_redirect_hosts', static fn( array $hosts ): array => array_merge( $hosts, array( $host ) ) );
		wp_safe_redirect( $pending->url() );
		exit;
	}

	/**
	 * Takes the gateway's answer, if the page was opened with one. What proves that it is ours is in the answer; a nonce cannot be.
	 */
	public function take(): void {
		$state = Request::query( 'state' );
		if ( '' === $state || ! current_user_can( Settings_Page::CAPABILITY ) ) {
			return;
		}
		$pending = Pending_Connection::take( $state, Request::query( 'iss' ) );
		if ( ! $pending || $this->settings->key_is_constant() ) {
			$this->end(
				'error',
				__(
					'Nothing was connected: this answer does not belong to a connection that you began here. If the gateway has another'
						. ' address than you typed, type that one. Press Connect once more.',
					'gateway-connector'
				)
			);
		}
		if ( '' !== Request::query( 'error' ) ) {
			$this->end( 'warning', __( 'Nothing was connected, because you cancelled it at the gateway.', 'gateway-connector' ) );
		}
		$this->fetch( $pending, Request::query( 'code' ) );
		wp_safe_redirect( Settings_Page::url() ); // The code does not stay in the address.
		exit;
	}

	/**
	 * Exchanges the code. The key comes from the gateway itself, so it is kept before it is tried.
	 */
	private function fetch( Pending_Connection $pending, string $code ): void {
		$answer = $this->client->exchange( $pending, $code );
		$key    = $answer->json['connection_key'] ?? '';
		if ( 200 !== $answer->status || ! is_string( $key ) ) {
			$said = Answer::reason( $answer->json );
			$this->notices->add(
				'error',
				400 === $answer->status && '' !== $said
					? __( 'The gateway did not take the answer back. Press Connect once more.', 'gateway-connector' )
					: Error_Message::of( $answer, $pending->host() )
			);
			return;
		}
		$connection = Connection::from_key( $key );
		if ( is_wp_error( $connection ) || Gateway_Address::from_typed( $connection->url ) !== $pending->address ) {
			$this->notices->add(
				'error',
				is_wp_error( $connection )
					? $connection->get_error_message()
					: __( 'The gateway gave a key for another address, so it was not used.', 'gateway-connector' )
			);
			return;
		}
		$this->settings->save_key( $key );
		$this->lists->forget(); // Those known may be another site's, and would stay if the first request failed.
		call_user_func( $this->report, $connection );
	}

	private function no_gateway( Answer $answer, string $host ): string {
		return 0 === $answer->status
			? Error_Message::of( $answer, $host )
			/* translators: %s: a host name */
			: sprintf( __( '%s answered, but it is not a gateway. Check the address.', 'gateway-connector' ), $host );
	}

	/**
	 * Says what happened on the page without the answer in its address.
	 *
	 * @return never
	 */
	private function end( string $type, string $text ): void {
		$this->notices->add( $type, $text );
		wp_safe_redirect( Settings_Page::url() );
		exit;
	}
}
