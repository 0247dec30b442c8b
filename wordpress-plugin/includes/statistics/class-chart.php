<?php
/**
 * The chart of the page "Gateway › Statistics".
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use DateTimeImmutable;
use DateTimeZone;

/**
 * Bars over time, as SVG: no script, nothing from other servers. A table shows the same figures for people who do not see the bars.
 */
final class Chart {

	private const BAR = 4; // Of the ten units that a step is wide.

	/**
	 * Bars: label, accepted, pending, confirmed.
	 *
	 * @var array[]
	 */
	private array $bars;

	/**
	 * Takes counts by day.
	 *
	 * @param array[] $days As Figures::days() has them.
	 */
	public function __construct( array $days ) {
		$this->bars = self::gather( $days );
	}

	public function print(): void {
		$top = self::round_up( max( array( 1, ...array_column( $this->bars, 'accepted' ), ...array_column( $this->bars, 'confirmed' ) ) ) );
		?>
		<figure class="gateway-connector-chart">
			<figcaption>
				<?php
				$keys = array(
					'accepted'  => __( 'Submissions', 'gateway-connector' ),
					'confirmed' => __( 'Confirmed', 'gateway-connector' ),
				);
				foreach ( $keys as $what => $label ) {
					printf( '<span class="gateway-connector-key gateway-connector-%s">%s</span> ', esc_attr( $what ), esc_html( $label ) );
				}
				?>
			</figcaption>
			<div class="gateway-connector-plot">
				<div class="gateway-connector-scale" aria-hidden="true">
					<?php foreach ( array_unique( array( $top, intdiv( $top, 2 ), 0 ) ) as $value ) : ?>
						<span><?php echo esc_html( number_format_i18n( $value ) ); ?></span>
					<?php endforeach; ?>
				</div>
				<?php $this->print_bars( $top ); ?>
			</div>
			<div class="gateway-connector-span" aria-hidden="true">
				<span><?php echo esc_html( $this->bars[0]['label'] ?? '' ); ?></span>
				<span><?php echo esc_html( (string) ( end( $this->bars )['label'] ?? '' ) ); ?></span>
			</div>
		</figure>
		<details class="gateway-connector-figures">
			<summary><?php esc_html_e( 'Show as a table', 'gateway-connector' ); ?></summary>
			<?php $this->print_table(); ?>
		</details>
		<?php
	}

	/**
	 * It is stretched to the width of the page, so it contains no text.
	 */
	private function print_bars( int $top ): void {
		$width = 10 * count( $this->bars );
		printf(
			'<svg role="img" aria-label="%s" viewBox="0 0 %d 100" preserveAspectRatio="none">',
			esc_attr__(
				'Bars over time: submissions, and how many of those asked confirmed. The table below has the same figures.',
				'gateway-connector'
			),
			(int) $width
		);
		foreach ( array( 0, 50, 100 ) as $height ) {
			printf( '<line x1="0" x2="%1$d" y1="%2$d" y2="%2$d" />', (int) $width, (int) $height );
		}
		foreach ( $this->bars as $at => $bar ) {
			$title = sprintf(
				/* translators: 1: a day, week or month, 2: number of submissions, 3: number of confirmations */
				__( '%1$s: %2$s submissions, %3$s confirmed', 'gateway-connector' ),
				$bar['label'],
				number_format_i18n( $bar['accepted'] ),
				number_format_i18n( $bar['confirmed'] )
			);
			printf(
				'<g><title>%s</title><rect class="gateway-connector-hit" x="%d" y="0" width="10" height="100" />',
				esc_html( $title ),
				10 * (int) $at
			);
			foreach ( array( 'accepted', 'confirmed' ) as $place => $what ) {
				$height = round( 100 * $bar[ $what ] / $top, 2 );
				printf(
					'<rect class="gateway-connector-%s" x="%d" y="%s" width="%d" height="%s" />',
					esc_attr( $what ),
					10 * (int) $at + 1 + self::BAR * (int) $place,
					esc_attr( self::number( 100 - $height ) ),
					(int) self::BAR,
					esc_attr( self::number( $height ) )
				);
			}
			echo '</g>';
		}
		echo '</svg>';
	}

	private function print_table(): void {
		?>
		<table class="widefat striped">
			<thead>
				<tr>
					<th scope="col"><?php esc_html_e( 'Time (UTC)', 'gateway-connector' ); ?></th>
					<th scope="col"><?php esc_html_e( 'Submissions', 'gateway-connector' ); ?></th>
					<th scope="col"><?php esc_html_e( 'To be confirmed', 'gateway-connector' ); ?></th>
					<th scope="col"><?php esc_html_e( 'Confirmed', 'gateway-connector' ); ?></th>
				</tr>
			</thead>
			<tbody>
				<?php foreach ( array_reverse( $this->bars ) as $bar ) : ?>
					<tr>
						<th scope="row"><?php echo esc_html( $bar['label'] ); ?></th>
						<td><?php echo esc_html( number_format_i18n( $bar['accepted'] ) ); ?></td>
						<td><?php echo esc_html( number_format_i18n( $bar['pending'] ) ); ?></td>
						<td><?php echo esc_html( number_format_i18n( $bar['confirmed'] ) ); ?></td>
					</tr>
				<?php endforeach; ?>
			</tbody>
		</table>
		<?php
	}

	/**
	 * Days up to a month, then weeks that end today, then months: never more bars than a phone can show.
	 */
	private static function gather( array $days ): array {
		$count = count( $days );
		$bars  = array();
		foreach ( array_values( $days ) as $at => $day ) {
			$date = DateTimeImmutable::createFromFormat( '!Y-m-d', $day['day'], new DateTimeZone( 'UTC' ) );
			if ( false === $date ) {
				continue;
			}
			if ( $count > 100 ) {
				$name = $date->format( 'Y-m' );
			} else {
				$name = $count > 31 ? intdiv( $count - 1 - $at, 7 ) : $at;
			}
			$bars[ $name ] = $bars[ $name ] ?? array(
				'label'     => self::label( $date, $count ),
				'accepted'  => 0,
				'pending'   => 0,
				'confirmed' => 0,
			);
			foreach ( array( 'accepted', 'pending', 'confirmed' ) as $what ) {
				$bars[ $name ][ $what ] += $day[ $what ];
			}
		}
		return array_values( $bars );
	}

	private static function label( DateTimeImmutable $date, int $days ): string {
		if ( $days > 100 ) {
			/* translators: PHP date format of a month */
			return (string) wp_date( __( 'M Y', 'gateway-connector' ), $date->getTimestamp(), $date->getTimezone() );
		}
		/* translators: PHP date format of a day without its year */
		$day = (string) wp_date( __( 'M j', 'gateway-connector' ), $date->getTimestamp(), $date->getTimezone() );
		/* translators: %s: first day of a week */
		return $days > 31 ? sprintf( __( 'Week from %s', 'gateway-connector' ), $day ) : $day;
	}

	/**
	 * The next of 2, 4, 6, 8, 10, 20, 40, 60 …: halves are whole numbers.
	 */
	private static function round_up( int $max ): int {
		for ( $power = 1; ; $power *= 10 ) {
			foreach ( array( 2, 4, 6, 8, 10 ) as $step ) {
				if ( $step * $power >= $max ) {
					return $step * $power;
				}
			}
		}
	}

	/**
	 * A number as SVG writes it, whatever the locale.
	 */
	private static function number( float $value ): string {
		return rtrim( rtrim( number_format( $value, 2, '.', '' ), '0' ), '.' );
	}
}
