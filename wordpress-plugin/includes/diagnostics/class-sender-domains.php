<?php
/**
 * The test of the domains that emails come from, under "Tools › Site Health".
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Shows in Site Health what mailbox providers see of the domains that the gateway sends from. One request brings it; it is
 * kept for half a day.
 */
final class Sender_Domains {

	public const TRANSIENT = 'gateway_connector_sender_domains';

	private const TEST        = 'gateway_connector_sender_domains';
	private const FRESH       = DAY_IN_SECONDS / 2;
	private const RETRY_AFTER = 5 * MINUTE_IN_SECONDS; // Nothing is known yet, or the gateway did not answer.

	private Settings $settings;

	private Gateway_Client $client;

	public function __construct( Settings $settings, Gateway_Client $client ) {
		$this->settings = $settings;
		$this->client   = $client;
	}

	public function register(): void {
		add_filter( 'site_status_tests', array( $this, 'add' ) );
	}

	public function add( array $tests ): array {
		if ( $this->settings->connection() instanceof Connection ) {
			$tests['direct'][ self::TEST ] = array(
				'label' => __( 'Domain of the emails', 'gateway-connector' ),
				'test'  => array( $this, 'test' ),
			);
		}
		return $tests;
	}

	/**
	 * The result in the form that Site Health shows.
	 */
	public function test(): array {
		$domains  = $this->domains();
		$states   = array_column( $domains, 'state' );
		$findings = array();
		foreach ( $domains as $domain ) {
			$findings = array_merge( $findings, self::findings( $domain ) );
		}
		$labels = array(
			'wrong'      => __( 'The domain of your emails is not set up correctly', 'gateway-connector' ),
			'improvable' => __( 'The domain of your emails could be set up better', 'gateway-connector' ),
			'good'       => __( 'The domain of your emails is set up correctly', 'gateway-connector' ),
			'unknown'    => __( 'The domain of your emails could not be checked yet', 'gateway-connector' ),
		);
		$state  = 'unknown';
		foreach ( array( 'good', 'unknown', 'improvable', 'wrong' ) as $worse ) {
			$state = in_array( $worse, $states, true ) ? $worse : $state;
		}
		if ( in_array( 'checking', $states, true ) && 'good' === $state ) {
			$state = 'unknown';
		}
		$texts = array(
			'wrong'      => __( 'Mailbox providers may refuse these emails. The owner of the domain can fix this:', 'gateway-connector' ),
			'improvable' => __( 'The emails arrive. Whoever manages the domain can improve this:', 'gateway-connector' ),
			'good'       => __( 'Mailbox providers see that the emails come from you. You need not do anything.', 'gateway-connector' ),
			'unknown'    => __( 'The gateway has not seen the records of the domain yet. Look again in a minute.', 'gateway-connector' ),
		);
		$status = array(
			'wrong'      => 'critical',
			'improvable' => 'recommended',
		);
		return array(
			'test'        => self::TEST,
			'label'       => $labels[ $state ],
			'status'      => $status[ $state ] ?? 'good',
			'badge'       => array(
				'label' => __( 'Gateway', 'gateway-connector' ),
				'color' => 'blue',
			),
			'description' => '<p>' . esc_html( $texts[ $state ] ) . '</p>'
				. ( array() === $findings ? '' : '<ul><li>' . implode( '</li><li>', $findings ) . '</li></ul>' ),
			'actions'     => '',
		);
	}

	/**
	 * What has to be done for a domain, as HTML. The gateway's sentences are in English.
	 *
	 * @return string[]
	 */
	private static function findings( array $domain ): array {
		$open = array_filter(
			(array) ( $domain['findings'] ?? array() ),
			static fn( $finding ): bool => is_array( $finding )
				&& in_array( $finding['severity'] ?? '', array( 'error', 'warning' ), true )
		);
		return array_map(
			static fn( array $finding ): string => esc_html( self::word( $finding, 'message' ) )
				. self::record( (array) ( $finding['publish'] ?? array() ) ),
			array_values( $open )
		);
	}

	/**
	 * The record to publish, as HTML; empty when there is none.
	 */
	private static function record( array $record ): string {
		$words = self::word( $record, 'name' ) . ' ' . self::word( $record, 'type' ) . ' ' . self::word( $record, 'value' );
		return array() === $record ? '' : '<br><code>' . esc_html( $words ) . '</code>';
	}

	private static function word( array $from, string $name ): string {
		return is_string( $from[ $name ] ?? null ) ? $from[ $name ] : '';
	}

	/**
	 * What is known of the site's domains, asked of the gateway when that is old.
	 *
	 * @return array[]
	 */
	private function domains(): array {
		$connection = $this->settings->connection();
		if ( ! $connection instanceof Connection ) {
			return array();
		}
		$kept = get_transient( self::TRANSIENT );
		$name = md5( $connection->endpoint( '' ) ); // Another gateway has other domains.
		if ( is_array( $kept ) && ( $kept['of'] ?? '' ) === $name ) {
			return (array) ( $kept['domains'] ?? array() );
		}
		$domains = $this->ask( $connection );
		$is_new  = array() === $domains || in_array( 'checking', array_column( $domains, 'state' ), true );
		set_transient(
			self::TRANSIENT,
			array(
				'of'      => $name,
				'domains' => $domains,
			),
			(int) ( $is_new ? self::RETRY_AFTER : self::FRESH )
		);
		return $domains;
	}

	/**
	 * The gateway's answer; empty when it has none.
	 *
	 * @return array[]
	 */
	private function ask( Connection $connection ): array {
		$answer = $this->client->sender_domains( $connection );
		$items  = 200 === $answer->status ? $answer->json['items'] ?? array() : array();
		return is_array( $items ) ? array_values( array_filter( $items, 'is_array' ) ) : array();
	}
}
