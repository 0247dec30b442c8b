<?php
/**
 * The test under "Tools › Site Health".
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Shows in Site Health whether submissions arrive at the gateway.
 */
final class Site_Health {

	private const TEST = 'gateway_connector_delivery';

	private Health $health;

	public function __construct( Health $health ) {
		$this->health = $health;
	}

	public function register(): void {
		add_filter( 'site_status_tests', array( $this, 'add' ) );
	}

	public function add( array $tests ): array {
		$tests['direct'][ self::TEST ] = array(
			'label' => __( 'Submissions to the gateway', 'gateway-connector' ),
			'test'  => array( $this, 'test' ),
		);
		return $tests;
	}

	/**
	 * The result in the form that Site Health shows.
	 */
	public function test(): array {
		$urgent   = $this->health->urgent();
		$problems = $urgent + $this->health->minor();
		$labels   = array(
			'good'        => __( 'Submissions arrive at the gateway', 'gateway-connector' ),
			'recommended' => __( 'Submissions arrive late at the gateway', 'gateway-connector' ),
			'critical'    => __( 'Submissions do not arrive at the gateway', 'gateway-connector' ),
		);
		if ( array() !== $urgent ) {
			$status = 'critical';
		} else {
			$status = array() === $problems ? 'good' : 'recommended';
		}
		$texts = array() === $problems
			? array( __( 'Submissions of connected forms arrive at the gateway. You do not need to do anything.', 'gateway-connector' ) )
			: $problems;
		return array(
			'test'        => self::TEST,
			'label'       => $labels[ $status ],
			'status'      => $status,
			'badge'       => array(
				'label' => __( 'Gateway', 'gateway-connector' ),
				'color' => 'blue',
			),
			'description' => '<p>' . implode( '</p><p>', array_map( 'esc_html', $texts ) ) . '</p>',
			'actions'     => sprintf(
				'<a href="%s">%s</a>',
				esc_url( Spool_Records::url() ),
				esc_html__( 'View submissions', 'gateway-connector' )
			),
		);
	}
}
