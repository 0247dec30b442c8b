<?php
/**
 * The page "Gateway › Statistics".
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Shows how many submissions came, who confirmed, from which form and when, and what failed.
 */
final class Statistics_Page {

	public const SLUG = 'gateway-connector-statistics';

	private Settings $settings;

	private Statistics $statistics;

	private Spool_Records $records;

	public function __construct( Settings $settings, Statistics $statistics, Spool_Records $records ) {
		$this->settings   = $settings;
		$this->statistics = $statistics;
		$this->records    = $records;
	}

	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add' ), 12 );
	}

	/**
	 * The page's address.
	 *
	 * @param string $form A form's id, or empty for all.
	 */
	public static function url( int $days = Statistics::DAYS, string $form = '' ): string {
		$chosen = array(
			'days' => Statistics::DAYS === $days ? false : $days,
			'form' => '' === $form ? false : rawurlencode( $form ),
		);
		return add_query_arg( $chosen, admin_url( 'admin.php?page=' . self::SLUG ) );
	}

	public function add(): void {
		$title = __( 'Statistics', 'gateway-connector' );
		add_submenu_page( Settings_Page::SLUG, $title, $title, Settings_Page::CAPABILITY, self::SLUG, array( $this, 'print' ) );
	}

	public function print(): void {
		// A choice in a link changes nothing, so it needs no nonce.
		$days = '' === Request::query( 'days' ) ? Statistics::DAYS : absint( Request::query( 'days' ) );
		$days = isset( self::periods()[ $days ] ) ? $days : Statistics::DAYS;
		$form = substr( sanitize_text_field( Request::query( 'form' ) ), 0, 100 );
		?>
		<div class="wrap gateway-connector-statistics">
			<h1><?php esc_html_e( 'Statistics', 'gateway-connector' ); ?></h1>
			<?php
			if ( $this->settings->connection() instanceof Connection ) {
				$this->print_figures( $this->statistics->read( $days, $form ), $days, $form );
			} else {
				printf(
					'<p>%s <a href="%s">%s</a></p>',
					esc_html__( 'The figures come from your gateway.', 'gateway-connector' ),
					esc_url( Settings_Page::url() ),
					esc_html__( 'Connect this site', 'gateway-connector' )
				);
			}
			$this->print_spool();
			?>
		</div>
		<?php
	}

	private function print_figures( Figures $figures, int $days, string $form ): void {
		$this->print_periods( $days, $form );
		$this->print_age( $figures );
		if ( 0 === $figures->at ) {
			return;
		}
		if ( '' !== $form ) {
			printf(
				'<p class="gateway-connector-filter"><strong>%s</strong> <a href="%s">%s</a></p>',
				esc_html( Form_Name::of( $form ) ),
				esc_url( self::url( $days ) ),
				esc_html__( 'Show all forms', 'gateway-connector' )
			);
		}
		$this->print_totals( $figures );
		echo '<h2>' . esc_html__( 'Over time', 'gateway-connector' ) . '</h2>';
		( new Chart( $figures->days() ) )->print();
		$this->print_forms( $figures, $days );
		Mail_Figures::print( $figures );
		$this->print_errors( $figures );
	}

	private function print_periods( int $chosen, string $form ): void {
		printf( '<nav aria-label="%s"><ul class="subsubsub">', esc_attr__( 'Period', 'gateway-connector' ) );
		$before = '';
		foreach ( self::periods() as $days => $label ) {
			printf(
				'<li>%s<a href="%s"%s>%s</a></li>',
				esc_html( $before ),
				esc_url( self::url( $days, $form ) ),
				$days === $chosen ? ' class="current" aria-current="page"' : '',
				esc_html( $label )
			);
			$before = '| ';
		}
		echo '</ul></nav>';
	}

	private function print_age( Figures $figures ): void {
		$age = self::age( $figures );
		if ( '' === $figures->problem ) {
			printf( '<p class="gateway-connector-age">%s</p>', esc_html( $age ) );
			return;
		}
		printf(
			'<div class="notice notice-warning inline gateway-connector-age"><p>%s %s %s</p></div>',
			esc_html__( 'Newer figures are not available:', 'gateway-connector' ),
			esc_html( $figures->problem ),
			esc_html( $age )
		);
	}

	private static function age( Figures $figures ): string {
		if ( 0 === $figures->at ) {
			return __( 'There are no figures yet.', 'gateway-connector' );
		}
		if ( time() - $figures->at < MINUTE_IN_SECONDS ) {
			return __( 'Updated just now.', 'gateway-connector' );
		}
		/* translators: %s: a span of time such as "5 minutes" */
		return sprintf( __( 'Updated %s ago.', 'gateway-connector' ), human_time_diff( $figures->at ) );
	}

	private function print_totals( Figures $figures ): void {
		$totals = array(
			__( 'Submissions', 'gateway-connector' )     => number_format_i18n( $figures->accepted() ),
			__( 'To be confirmed', 'gateway-connector' ) => number_format_i18n( $figures->pending() ),
			__( 'Confirmed', 'gateway-connector' )       => number_format_i18n( $figures->confirmed() ),
			__( 'Rate', 'gateway-connector' )            => $figures->rate(),
		);
		echo '<dl class="gateway-connector-totals">';
		foreach ( $totals as $name => $value ) {
			printf( '<div><dt>%s</dt><dd>%s</dd></div>', esc_html( $name ), esc_html( $value ) );
		}
		printf(
			'</dl><p class="description">%s</p>',
			esc_html__(
				'The rate is the share of sign-ups that were confirmed. A person may sign up for several lists.',
				'gateway-connector'
			)
		);
	}

	private function print_forms( Figures $figures, int $days ): void {
		$rows = array();
		foreach ( $figures->forms() as $form ) {
			$name   = esc_html( Form_Name::of( $form['form'] ) );
			$rows[] = array(
				'' === $form['form'] ? $name : sprintf( '<a href="%s">%s</a>', esc_url( self::url( $days, $form['form'] ) ), $name ),
				esc_html( number_format_i18n( $form['accepted'] ) ),
				esc_html( number_format_i18n( $form['pending'] ) ),
				esc_html( number_format_i18n( $form['confirmed'] ) ),
				esc_html( $form['rate'] ),
			);
		}
		$columns = array(
			__( 'Form', 'gateway-connector' ),
			__( 'Submissions', 'gateway-connector' ),
			__( 'To be confirmed', 'gateway-connector' ),
			__( 'Confirmed', 'gateway-connector' ),
			__( 'Rate', 'gateway-connector' ),
		);
		self::print_table(
			__( 'By form', 'gateway-connector' ),
			$columns,
			$rows,
			__( 'Nothing came in during this time.', 'gateway-connector' )
		);
	}

	private function print_errors( Figures $figures ): void {
		$kinds = array(
			'submission' => __( 'Submission', 'gateway-connector' ),
			'mail'       => __( 'Email', 'gateway-connector' ),
			'list'       => __( 'Mailing list', 'gateway-connector' ),
		);
		$rows  = array();
		foreach ( $figures->errors() as $error ) {
			$rows[] = array(
				esc_html( $kinds[ $error['kind'] ] ?? $error['kind'] ),
				esc_html( Gateway_Failure::text( $error ) ),
				esc_html( number_format_i18n( $error['count'] ) ),
				esc_html(
					0 === $error['at']
						? '—'
						: (string) wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), $error['at'] )
				),
			);
		}
		$columns = array(
			__( 'Type', 'gateway-connector' ),
			__( 'Problem', 'gateway-connector' ),
			__( 'Count', 'gateway-connector' ),
			__( 'Last time', 'gateway-connector' ),
		);
		self::print_table(
			__( 'Problems at the gateway', 'gateway-connector' ),
			$columns,
			$rows,
			__( 'Nothing failed.', 'gateway-connector' )
		);
	}

	/**
	 * What waits here, which the gateway cannot know.
	 */
	private function print_spool(): void {
		echo '<h2>' . esc_html__(
			'On this site',
			'gateway-connector'
		) . '</h2><table class="widefat striped gateway-connector-spool-state"><tbody>';
		foreach ( Spool_Summary::lines( $this->records ) as $name => $value ) {
			printf( '<tr><th scope="row">%s</th><td>%s</td></tr>', esc_html( $name ), esc_html( $value ) );
		}
		printf(
			'</tbody></table><p><a href="%s">%s</a></p>',
			esc_url( Spool_Records::url() ),
			esc_html__( 'View submissions', 'gateway-connector' )
		);
	}

	/**
	 * A table under its heading, or a sentence when there is nothing to show.
	 *
	 * @param string[]   $columns The first row.
	 * @param string[][] $rows    Cells, escaped.
	 */
	private static function print_table( string $heading, array $columns, array $rows, string $nothing ): void {
		echo '<h2>' . esc_html( $heading ) . '</h2>';
		if ( array() === $rows ) {
			echo '<p>' . esc_html( $nothing ) . '</p>';
			return;
		}
		echo '<table class="widefat striped gateway-connector-stacked"><thead><tr>';
		foreach ( $columns as $column ) {
			echo '<th scope="col">' . esc_html( $column ) . '</th>';
		}
		echo '</tr></thead><tbody>';
		foreach ( $rows as $cells ) {
			echo '<tr>';
			foreach ( $cells as $at => $cell ) {
				// phpcs:ignore -- escaped by the caller.
				printf( 0 === $at ? '<th scope="row">%s</th>' : '<td data-column="%2$s">%1$s</td>', $cell, esc_attr( $columns[ $at ] ) );
			}
			echo '</tr>';
		}
		echo '</tbody></table>';
	}

	/**
	 * Labels by days.
	 *
	 * @return array<int,string>
	 */
	private static function periods(): array {
		return array(
			7                => __( '7 days', 'gateway-connector' ),
			Statistics::DAYS => __( '30 days', 'gateway-connector' ),
			90               => __( '90 days', 'gateway-connector' ),
			365              => __( 'A year', 'gateway-connector' ),
		);
	}
}
