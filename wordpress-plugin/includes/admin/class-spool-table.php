<?php
/**
 * The table of the page "Gateway › Submissions".
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_List_Table;

require_once ABSPATH . 'wp-admin/includes/class-wp-list-table.php';

/**
 * One row per submission, without what people wrote.
 */
final class Spool_Table extends WP_List_Table {

	/**
	 * The nonce that WP_List_Table prints itself.
	 */
	public const NONCE = 'bulk-submissions';

	private const PER_PAGE = 20;

	private Spool_Records $records;

	private string $state;

	/**
	 * Rows by state.
	 *
	 * @var array<string,int>
	 */
	private array $counts;

	public function __construct( Spool_Records $records, string $state ) {
		parent::__construct(
			array(
				'singular' => 'submission',
				'plural'   => 'submissions',
			)
		);
		$this->records = $records;
		$this->counts  = $records->counts();
		$this->state   = isset( $this->counts[ $state ] ) ? $state : '';
	}

	/**
	 * Reads one page.
	 */
	public function prepare_items() {
		$this->items           = $this->records->page( $this->state, self::PER_PAGE, ( $this->get_pagenum() - 1 ) * self::PER_PAGE );
		$this->_column_headers = array( $this->get_columns(), array(), array(), 'form' );
		$this->set_pagination_args(
			array(
				'total_items' => '' === $this->state ? array_sum( $this->counts ) : $this->counts[ $this->state ],
				'per_page'    => self::PER_PAGE,
			)
		);
	}

	public function get_columns() {
		return array(
			'cb'         => '<input type="checkbox" />',
			'form'       => __( 'Form', 'gateway-connector' ),
			'created_at' => __( 'Received', 'gateway-connector' ),
			'state'      => __( 'State', 'gateway-connector' ),
			'attempts'   => __( 'Attempts', 'gateway-connector' ),
			'last_error' => __( 'Last problem', 'gateway-connector' ),
			'resend'     => __( 'Action', 'gateway-connector' ),
		);
	}

	public function no_items() {
		esc_html_e( 'Nothing here.', 'gateway-connector' );
	}

	/**
	 * The filter by state, with counts.
	 */
	protected function get_views() {
		$views  = array();
		$labels = array( '' => __( 'All', 'gateway-connector' ) ) + self::states();
		foreach ( $labels as $state => $label ) {
			$views[ '' === $state ? 'all' : $state ] = sprintf(
				'<a href="%s"%s>%s <span class="count">(%s)</span></a>',
				esc_url( add_query_arg( 'state', $state, Spool_Records::url() ) ),
				$state === $this->state ? ' class="current" aria-current="page"' : '',
				esc_html( $label ),
				esc_html( number_format_i18n( '' === $state ? array_sum( $this->counts ) : $this->counts[ $state ] ) )
			);
		}
		return $views;
	}

	protected function extra_tablenav( $which ) {
		if ( 'top' !== $which ) {
			return;
		}
		$buttons = array(
			Spool::REJECTED => __( 'Resend all rejected', 'gateway-connector' ),
			Spool::WAITING  => __( 'Send all waiting now', 'gateway-connector' ),
		);
		echo '<div class="alignleft gateway-connector-actions">'; // WordPress hides its class "actions" on small screens.
		foreach ( $buttons as $state => $label ) {
			if ( $this->counts[ $state ] > 0 ) {
				printf( '<button class="button" name="resend_all" value="%s">%s</button> ', esc_attr( $state ), esc_html( $label ) );
			}
		}
		if ( $this->counts[ Spool::REJECTED ] + $this->counts[ Spool::WAITING ] > 0 ) {
			printf(
				'<button class="button" name="ticked" value="resend">%s</button> ',
				esc_html__( 'Resend selected', 'gateway-connector' )
			);
		}
		if ( $this->counts[ Spool::REJECTED ] > 0 ) {
			printf(
				'<button class="button" name="ticked" value="discard" onclick="return confirm(\'%s\')">%s</button> ',
				esc_js( __( 'Delete the selected rejected entries? The gateway never received them.', 'gateway-connector' ) ),
				esc_html__( 'Delete selected rejected', 'gateway-connector' )
			);
		}
		if ( array_sum( $this->counts ) > 0 ) {
			$export = admin_url( 'admin-post.php?action=' . Spool_Page::EXPORT . '&state=' . $this->state );
			printf(
				'<a class="button" href="%s">%s</a>',
				esc_url( wp_nonce_url( $export, Spool_Page::EXPORT ) ),
				esc_html__( 'Export as CSV', 'gateway-connector' )
			);
		}
		echo '</div>';
	}

	protected function column_cb( $item ) {
		if ( Spool::DELIVERED === $item['state'] ) {
			return '';
		}
		/* translators: %d: number of an entry */
		$label = sprintf( __( 'Select entry %d', 'gateway-connector' ), $item['id'] );
		return sprintf( '<input type="checkbox" name="rows[]" value="%d" aria-label="%s" />', (int) $item['id'], esc_attr( $label ) );
	}

	protected function column_default( $item, $column_name ) {
		return esc_html( (string) $item[ $column_name ] );
	}

	protected function column_form( array $item ): string {
		$source = (int) $item['user_id'] > 0 ? User_Name::of( (int) $item['user_id'] ) : Form_Name::of( $item['form'], $item['title'] );
		return sprintf(
			'<strong>%s</strong><span class="gateway-connector-folded-state gateway-connector-%s" aria-hidden="true">%s</span>',
			esc_html( $source ),
			esc_attr( $item['state'] ),
			esc_html( self::states()[ $item['state'] ] ?? $item['state'] )
		);
	}

	protected function column_created_at( array $item ): string {
		return esc_html( self::local( $item['created_at'] ) );
	}

	protected function column_state( array $item ): string {
		$label = self::states()[ $item['state'] ] ?? $item['state'];
		if ( Spool::WAITING === $item['state'] && strtotime( $item['due_at'] . ' UTC' ) > time() ) {
			/* translators: %s: date and time */
			$when = sprintf( __( 'next try %s', 'gateway-connector' ), self::local( $item['due_at'] ) );
		} else {
			$when = Spool::DELIVERED === $item['state'] ? self::local( (string) $item['delivered_at'] ) : '';
		}
		return sprintf(
			'<span class="gateway-connector-%s">%s</span><br /><small>%s</small>',
			esc_attr( $item['state'] ),
			esc_html( $label ),
			esc_html( $when )
		);
	}

	protected function column_resend( array $item ): string {
		if ( Spool::DELIVERED === $item['state'] ) {
			return '';
		}
		return sprintf(
			'<button class="button button-small" name="resend" value="%d">%s</button>',
			(int) $item['id'],
			Spool::REJECTED === $item['state'] ? esc_html__( 'Resend', 'gateway-connector' ) : esc_html__( 'Send now', 'gateway-connector' )
		);
	}

	/**
	 * What the states are called.
	 *
	 * @return array<string,string>
	 */
	private static function states(): array {
		return array(
			Spool::WAITING   => __( 'Waiting', 'gateway-connector' ),
			Spool::REJECTED  => __( 'Rejected', 'gateway-connector' ),
			Spool::DELIVERED => __( 'Received by the gateway', 'gateway-connector' ),
		);
	}

	private static function local( string $utc ): string {
		return (string) wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), (int) strtotime( $utc . ' UTC' ) );
	}
}
